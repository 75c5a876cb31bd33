// The programs by which systems open an address: xdg-open(1), open(1), the shell of Windows.

/** Starts what opens an address, and does not wait for it. `false`: there is no such program, or no screen. */
export function openInBrowser(
  { href }: URL,
  os: typeof Deno.build.os = Deno.build.os,
  variables: Readonly<Record<string, string>> = Deno.env.toObject(),
): boolean {
  const line = browserLine(href, os, variables);
  if (!line) return false;
  try {
    const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
    const env = passedOn(variables);
    const [program, args] = line;
    new Deno.Command(program, { args: [...args], ...streams, clearEnv: true, env }).spawn().unref();
    return true;
  } catch {
    return false; // not there, or not for us: the address is on the screen all the same
  }
}

type Line = readonly [program: string, args: readonly string[]];

/** The command line; an address is one argument and can be no option, for it begins with its scheme. */
export function browserLine(
  href: string,
  os: typeof Deno.build.os,
  variables: Readonly<Record<string, string>>,
): Line | undefined {
  if (os === "darwin") return ["open", [href]];
  if (os === "windows") return ["rundll32", ["url.dll,FileProtocolHandler", href]];
  // without a screen it would open in this very terminal, where the login waits
  return variables.DISPLAY || variables.WAYLAND_DISPLAY ? ["xdg-open", [href]] : undefined;
}

/** What a browser needs of the environment; keys are none of it. */
const PASSED_ON =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TMPDIR|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|DBUS_\w+|BROWSER|DESKTOP_SESSION|KDE_\w+|GNOME_\w+|SYSTEMROOT|WINDIR|TEMP|TMP|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAM\w+)$/i;

function passedOn(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => PASSED_ON.test(name)));
}
