import type { CliContext } from "../../context.ts";

/**
 * The command line by which bubblewrap starts a program: it reads the system and the person's files,
 * sees nothing of ClamBot's home but `workspace/files`, writes there and to a `/tmp` of its own, and
 * ends with whoever started it. The network stays, since most servers are there for it.
 */
export function confinedCommand(
  command: readonly string[],
  { layout }: Pick<CliContext, "layout">,
): string[] {
  return [
    ...["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"],
    ...["--tmpfs", layout.home, "--bind", layout.files, layout.files],
    ...["--unshare-pid", "--unshare-ipc", "--new-session", "--die-with-parent", "--"],
    ...command,
  ];
}
