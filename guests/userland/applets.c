#include "applets.h"

#include <stddef.h>

// Each row: the name it is called by, and its function. Groups are folders; a group keeps to its own lines.
#define SHELL(X) \
  X("sh", sh_main) \
  X("[", test_main) \
  X("echo", echo_main) \
  X("false", false_main) \
  X("kill", kill_main) \
  X("printf", printf_main) \
  X("pwd", pwd_main) \
  X("test", test_main) \
  X("true", true_main)
#define FILES(X) \
  X("basename", basename_main) X("cat", cat_main) X("chgrp", chgrp_main) X("chmod", chmod_main) \
  X("chown", chown_main) X("cmp", cmp_main) X("cp", cp_main) X("dd", dd_main) X("df", df_main) \
  X("diff", diff_main) X("dirname", dirname_main) X("du", du_main) X("find", find_main) X("gunzip", gunzip_main) \
  X("gzip", gzip_main) X("install", install_main) X("link", link_main) X("ln", ln_main) X("ls", ls_main) \
  X("mkdir", mkdir_main) X("mkfifo", mkfifo_main) X("mktemp", mktemp_main) X("mv", mv_main) \
  X("readlink", readlink_main) X("realpath", realpath_main) X("rm", rm_main) X("rmdir", rmdir_main) \
  X("stat", stat_main) X("sync", sync_main) X("tar", tar_main) X("tee", tee_main) X("touch", touch_main) \
  X("truncate", truncate_main) X("unlink", unlink_main) X("which", which_main) X("xargs", xargs_main) \
  X("zcat", zcat_main)
#define SYSTEM(X) \
  X("clear", clear_main) X("date", date_main) X("env", env_main) X("free", free_main) X("groups", groups_main) \
  X("hostname", hostname_main) X("id", id_main) X("killall", killall_main) X("mount", mount_main) \
  X("nice", nice_main) X("nohup", nohup_main) X("nproc", nproc_main) X("pgrep", pgrep_main) \
  X("pkill", pkill_main) X("printenv", printenv_main) X("ps", ps_main) X("reset", reset_main) \
  X("setsid", setsid_main) X("sleep", sleep_main) X("stress", stress_main) X("stty", stty_main) \
  X("time", time_main) X("timeout", timeout_main) X("top", top_main) X("tty", tty_main) X("uname", uname_main) \
  X("uptime", uptime_main) X("usleep", usleep_main) X("watch", watch_main) X("whoami", whoami_main)
#define TEXT(X) \
  X("awk", awk_main) \
  X("base32", base32_main) \
  X("base64", base64_main) \
  X("cal", cal_main) \
  X("cksum", cksum_main) \
  X("column", column_main) \
  X("comm", comm_main) \
  X("crc32", crc32_main) \
  X("cut", cut_main) \
  X("dos2unix", dos2unix_main) \
  X("egrep", grep_main) \
  X("envsubst", envsubst_main) \
  X("expand", expand_main) \
  X("expr", expr_main) \
  X("factor", factor_main) \
  X("fgrep", grep_main) \
  X("fmt", fmt_main) \
  X("fold", fold_main) \
  X("getopt", getopt_main) \
  X("grep", grep_main) \
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
  X("sed", sed_main) \
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

// The names once more, in the module itself: whoever makes links to it need not run it to know them.
#ifdef __wasm__
#define NAME(name, function) ".ascii \"" name "\\n\"\n"
__asm__(".section .custom_section.applets,\"\",@\n" SHELL(NAME) FILES(NAME) SYSTEM(NAME) TEXT(NAME));
#endif
