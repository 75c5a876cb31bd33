import { sha256Hex } from "../text/canonical_json.ts";
import { listRunFiles, readRun } from "./_files.ts";
import { beginRun } from "./_run.ts";
import type { OpenedPart, PartOpening, Run, RunPorts } from "./run.ts";

/** Opens the run that a call of another run is; the same call finds the same run again. */
export async function openPart(
  opening: PartOpening,
  takeUp: (run: string) => Promise<Run>,
  ports: RunPorts,
): Promise<OpenedPart> {
  const id = await partId(opening);
  const file = (await listRunFiles(ports.files)).findLast(({ run }) => run === id);
  if (!file) return { kind: "open", run: beginRun(opening, id, ports) };
  const { record, lines, damagedAt } = await readRun(file, ports);
  // its process may have ended before anything was begun in it
  if (lines.length === 0 && !damagedAt) return { kind: "open", run: beginRun(opening, id, ports) };
  if (record?.ended && !damagedAt) return { kind: "ended", record };
  return { kind: "open", run: await takeUp(id) };
}

/** Made from the place of the call, so that it is found again without an index. */
async function partId({ parent, place }: PartOpening): Promise<string> {
  return (await sha256Hex(`${parent} ${place.attempt} ${place.call}`)).slice(0, ID_LENGTH);
}

const ID_LENGTH = 16;
