export const unreadFile = () => undefined;
