#include "applets.h"

#include <stddef.h>

// Each row: the name it is called by, and its function. Groups are folders; a group keeps to its own lines.
#define SHELL(X) /**/
#define FILES(X) /**/
#define SYSTEM(X) /**/
#define TEXT(X) \
  X("base32", base32_main) \
  X("base64", base64_main) \
  X("cal", cal_main) \
  X("cksum", cksum_main) \
  X("column", column_main) \
  X("comm", comm_main) \
  X("crc32", crc32_main) \
  X("cut", cut_main) \
  X("dos2unix", dos2unix_main) \
  X("envsubst", envsubst_main) \
  X("expand", expand_main) \
  X("expr", expr_main) \
  X("factor", factor_main) \
  X("fmt", fmt_main) \
  X("fold", fold_main) \
  X("getopt", getopt_main) \
  X("hd", hexdump_main) \
  X("head", head_main) \
  X("hexdump", hexdump_main) \
  X("join", join_main) \
  X("less", less_main) \
  X("md5sum", digest_main) \
  X("more", less_main) \
  X("nl", nl_main) \
  X("od", od_main) \
  X("paste", paste_main) \
  X("rev", rev_main) \
  X("seq", seq_main) \
  X("sha1sum", digest_main) \
  X("sha224sum", digest_main) \
  X("sha256sum", digest_main) \
  X("sha384sum", digest_main) \
  X("sha512sum", digest_main) \
  X("shuf", shuf_main) \
  X("sort", sort_main) \
  X("split", split_main) \
  X("strings", strings_main) \
  X("sum", sum_main) \
  X("tac", tac_main) \
  X("tail", tail_main) \
  X("tput", tput_main) \
  X("tr", tr_main) \
  X("unexpand", unexpand_main) \
  X("uniq", uniq_main) \
  X("unix2dos", unix2dos_main) \
  X("wc", wc_main) \
  X("xxd", xxd_main) \
  X("yes", yes_main)

#define DECLARE(name, function) int function(int argc, char **argv);
SHELL(DECLARE) FILES(DECLARE) SYSTEM(DECLARE) TEXT(DECLARE)

#define ROW(name, function) {name, function},
const struct applet applets[] = {
  SHELL(ROW)
  FILES(ROW)
  SYSTEM(ROW)
  TEXT(ROW)
  {NULL, NULL},
};
