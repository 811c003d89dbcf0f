/** What a container finds of itself in /etc: written at each start, and no part of what it changed. */
export const OWN_FILES = ['/etc/hostname', '/etc/hosts', '/etc/resolv.conf'] as const
