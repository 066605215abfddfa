# shellcheck shell=sh disable=SC2034,SC2154
# What the watch is to look for, and its limits.
status_user=$(decode "$status_user64")
rest=$(decode "$rest_url64")
runner='{{ runner }}'
since='{{ since }}'
turn='{{ turn }}'
lasts='{{ seconds }}'
delay='{{ delay }}'
tmp=${TMPDIR:-/tmp}
status_seconds=20
# In blocks of 512 bytes: a status command that prints without end must not fill the disk.
status_blocks=65536
# Between two looks, and for each second that one takes: a queue runner that is busy is looked at less.
pause_seconds=5
pauses_a_second=20

has awk || fail 69 'needs awk on this host'
