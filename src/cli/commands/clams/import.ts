import { holdsScript, type ImportedFiles, readImportedClam } from "../../../clams/imported.ts";
import { CodedError } from "../../../domain/failure.ts";
import type { PublicFetch } from "../../../net/public_fetch.ts";
import type { CliContext } from "../../context.ts";
import { cancelOnInterrupt } from "../../options.ts";
import { formatClam } from "./clam_text.ts";

/**
 * `clambot clams import`: brings in a clam of somebody else. It is kept in quarantine: nothing runs
 * it, no request leads to it, and it is shown whole.
 */
export async function importClam(source: string, context: CliContext): Promise<string> {
  const { openStores } = await import("../../../app/stores.ts");
  const stores = openStores(context);
  try {
    const files = isAddress(source)
      ? await fetchFiles(source, context, stores)
      : await context.launcher.readClam(source);
    const clam = await stores.library.add(await readImportedClam(files), "imported");
    const { id, manifest: { sha256 } } = clam;
    await stores.audit.record("clam_imported", stores.redactor.clean({ id, sha256, from: source }));
    return `${formatClam(clam)}
It is in quarantine as ${id}: nothing runs it, and no request leads to it.
If this is what you want: clambot clams adopt ${id}. If not: clambot clams remove ${id}.
`;
  } finally {
    stores.library.close();
  }
}

const isAddress = (source: string) => /^https?:\/\//i.test(source);

/** Bytes of each file, milliseconds and redirects for both. */
const LIMITS = { bytes: 1024 * 1024, timeMs: 30_000, redirects: 5 };

/** `CLAM.md` from its address and, where the script is not in it, `run.js` from beside it. */
async function fetchFiles(
  address: string,
  context: CliContext,
  stores: Parameters<typeof import("../../../app/guard.ts").openGuard>[0],
): Promise<ImportedFiles> {
  const { openGuard } = await import("../../../app/guard.ts");
  const guard = openGuard(stores, context);
  const { signal, release } = cancelOnInterrupt(context);
  try {
    const { text: manifest, finalUrl } = await fetchText(address, guard, signal);
    if (holdsScript(manifest) || !manifest.startsWith("---")) return { manifest };
    const script = await fetchText(new URL("run.js", finalUrl).href, guard, signal);
    return { manifest, script: script.text };
  } finally {
    release();
  }
}

async function fetchText(url: string, guard: PublicFetch, signal: AbortSignal) {
  const request = { tool: "clams", method: "GET", url, headers: {} };
  // the person named the address, and sees what came from where it led
  const policy = { mayFollow: () => Promise.resolve(true), limits: LIMITS };
  const { status, body, truncated, finalUrl } = await guard.send(request, policy, signal);
  if (status !== 200) {
    throw new CodedError("network_failed", `There is no clam at "${url}": it answers ${status}.`);
  }
  if (truncated) {
    throw new CodedError("file_too_large", `"${url}" is larger than ${LIMITS.bytes} bytes.`);
  }
  return { text: new TextDecoder().decode(body), finalUrl };
}
