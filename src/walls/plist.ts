import { SPARE_SECONDS, type UnitOrder } from "./unit.ts";

// The job by which launchd runs the gateway: launchd.plist(5).

/** By this a file is known as made here. */
export const MADE_BY_PLIST = '<!-- Made by "clambot service install", which writes it anew. -->';

/** What stands in the file of a job. */
export function formatPlist(
  { name, program, command, home, config, shutdownSeconds }: UnitOrder,
): string {
  const words = [...program, command, "--home", home];
  if (config !== undefined) words.push("--config", config);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
${MADE_BY_PLIST}
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${escapeXml(name)}</string>
  <key>ProgramArguments</key>
  <array>
${words.map((word) => `    <string>${escapeXml(word)}</string>`).join("\n")}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ExitTimeOut</key>
  <integer>${shutdownSeconds + SPARE_SECONDS}</integer>
  <key>Umask</key>
  <integer>63</integer>
</dict>
</plist>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
