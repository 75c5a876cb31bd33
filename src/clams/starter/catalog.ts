import type { Clam, ClamManifest } from "../../domain/clam.ts";
import base64 from "./base64/run.js" with { type: "text" };
import calculate from "./calculate/run.js" with { type: "text" };
import changeCase from "./change_case/run.js" with { type: "text" };
import jsonFormat from "./json_format/run.js" with { type: "text" };
import sha256 from "./sha256/run.js" with { type: "text" };
import timeIn from "./time_in/run.js" with { type: "text" };
import today from "./today/run.js" with { type: "text" };
import uuid from "./uuid/run.js" with { type: "text" };
import manifests from "./manifests.json" with { type: "json" };

const SCRIPTS: Readonly<Record<keyof typeof manifests, string>> = {
  base64,
  calculate,
  change_case: changeCase,
  json_format: jsonFormat,
  sha256,
  time_in: timeIn,
  today,
  uuid,
};

/**
 * The clams that come with the program. They are ordinary clams: same format, sandbox and gate, no
 * standing grant. Manifests and hashes are pinned by scripts/pin_starters.ts.
 */
export const STARTERS: readonly Clam[] = Object.entries(SCRIPTS).map(([name, script]) => ({
  id: `starter-${name.replaceAll("_", "-")}` as Clam["id"],
  manifest: manifests[name as keyof typeof manifests] as unknown as ClamManifest,
  script,
}));
