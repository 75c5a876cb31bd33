import type { Clam } from "../../../domain/clam.ts";
import { escapeLine, escapeStrictly } from "../../../text/escape.ts";
import { formatTable } from "../../print.ts";

/** All that a clam is, for reading it: nothing is left out, and nothing in it can hide. */
export function formatClam({ id, manifest, script }: Clam): string {
  const { capabilities, limits, secrets } = manifest;
  const isLimited = Object.keys(limits).length > 0;
  const origin = manifest.origin === "imported" ? "imported, in quarantine" : manifest.origin;
  const rows = [
    ["Id", id],
    ["Name", manifest.name],
    ["Does", manifest.description],
    ["Version", `${manifest.version} (${origin})`],
    ["Tools", manifest.declaredTools.join(", ") || "none"],
    ...capabilities.map((rule) => ["Rule", JSON.stringify(rule)]),
    ...(secrets.length === 0 ? [] : [["Secrets", secrets.join(", ")]]),
    ...(isLimited ? [["Limits", JSON.stringify(limits)]] : []),
    ["Requests", manifest.requests.join("; ")],
    ["Templates", manifest.templates.join("; ")],
    ...(manifest.conversation === undefined ? [] : [["Only in", manifest.conversation]]),
    ["Inputs", JSON.stringify(manifest.inputs)],
    ["SHA-256", manifest.sha256],
  ].map(([label = "", value = ""]) => [label, escapeLine(value)]);
  return `${formatTable(rows)}\n${escapeStrictly(script.trimEnd())}\n`;
}
