/**
 * The address of a machine behind the names the queue runner has for it.
 *
 * The key of one machine in the status is its store URI `ssh://root@host[:port][?parameters]` since May 2024, and
 * whatever the machines file said (`root@host`, `host`) before. Here they all become `host[:port]` in lower case.
 * An IPv6 address loses its brackets unless a port follows, so that it reads as EC2 writes it.
 * Two keys may become one address (`ssh://` and `ssh-ng://` of one host); callers merge those.
 */
export function machineAddress(key: string): string {
  const authority = key.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#].*$/s, '');
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  return host.replace(/^\[([^\]]*)\]$/, '$1') || key.toLowerCase();
}
