export const stateReasonInWords = ({code}: {code: string}): string => code;
