#ifndef _SYS_SYSMACROS_H
#define _SYS_SYSMACROS_H

// As the kernel packs those of a device.
#define major(device) ((unsigned)(((device) >> 8) & 0xfff))
#define minor(device) ((unsigned)((device)&0xff) | (unsigned)(((device) >> 12) & 0xfff00))
#define makedev(x, y)                                                 \
  ((((unsigned long long)(x)&0xfff) << 8) | ((unsigned)(y)&0xff) | \
   (((unsigned long long)(y)&0xfff00) << 12))

#endif
