/**
 * The host behind the names the queue runner has for a machine.
 *
 * The key of one machine in the status is its store URI `ssh://user@host[:port][?parameters]` since May 2024, and whatever
 * the machines file said (`user@host`, `host`) before. Here they all become `host` in lower case, an IPv6 address without
 * brackets, as EC2 writes it. User and port are left out: a machine whose line has changed is still the one that builds
 * under its former name. Several keys may become one host; callers merge those.
 */
export function machineAddress(key: string): string {
  const authority = key.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#].*$/s, '');
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  return host.replace(/^\[([^\]]*)\](:\d*)?$/, '$1').replace(/^([^:]*):\d*$/, '$1') || key.toLowerCase();
}
