import { CodedError } from "../domain/failure.ts";
import type { AppendFile } from "../platform/platform.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import { zoneOffset } from "../text/zone_offset.ts";
import { copyOf, createAttempt, type Events, eventsOf } from "./_attempt.ts";
import { type ReadRun, readRun, type RunFile, runFileOf } from "./_files.ts";
import { integrityKey } from "./_integrity_key.ts";
import { beginningOf, createSealer } from "./_seal.ts";
import { createValues, type Values } from "./_values.ts";
import { createRunWriter, type RunWriter } from "./_writer.ts";
import type { Attempt, CallResult } from "./attempt.ts";
import type { AttemptStart, Opening, RecordedProgram, ResultLine, RunLine } from "./line.ts";
import {
  type AttemptRecord,
  findQuestion,
  openQuestions,
  type QuestionRecord,
  recordFrom,
  type RunRecord,
} from "./record.ts";
import type { Run, RunPorts } from "./run.ts";

/** Bytes of a run's file from which on nothing more is begun in it. */
const LARGEST_RUN = 16 * 1024 * 1024;

/** Begins a run; nothing is on disk before its first program. */
export function beginRun(opening: Opening, id: string, ports: RunPorts): Run {
  const { clock, random } = ports;
  const first: RunLine = { kind: "opened", run: id, ...opening, at: clock.now() };
  let writer: Promise<RunWriter> | undefined;
  const make = async () => {
    const file = runFileOf(id, first.at);
    const held = await ports.files.openAppend(file.name);
    if (!held) throw begunBefore(id);
    try {
      if ((await ports.files.stat(file.name))?.size) await clearUnbegun(file, held, ports);
      const key = await integrityKey(ports.secrets, random);
      const made = createRunWriter(held, 0, createSealer(key, beginningOf(id)), ports.redactor);
      await made.write(first, false);
      return made;
    } catch (error) {
      held.close();
      writer = undefined;
      throw error;
    }
  };
  const lazy = { get: () => writer ??= make(), isOpen: () => writer !== undefined };
  return createRun([first], new Map(), lazy, 0, ports);
}

/** Goes on with a run whose file was read and is held. */
export async function takeUpRun(
  { lines, end, torn, record }: ReadRun & { readonly record: RunRecord },
  held: AppendFile,
  ports: RunPorts,
): Promise<Run> {
  const key = await integrityKey(ports.secrets, ports.random);
  const { size: whole = 0 } = await ports.files.stat(runFileOf(record.run, record.at).name) ?? {};
  const size = whole - torn;
  if (torn > 0) await held.cut(size);
  const writer = createRunWriter(held, size, createSealer(key, end), ports.redactor);
  const all = [...lines];
  if (torn > 0) {
    const line: RunLine = { kind: "torn", bytes: torn };
    await writer.write(line, false);
    all.push(line);
  }
  const open = { get: () => Promise.resolve(writer), isOpen: () => true };
  const events = await eventsIn(record.attempts.slice(0, -1), createValues(ports));
  return createRun(all, events, open, writer.size, ports);
}

/** A process that ended in its first line did nothing. */
async function clearUnbegun(file: RunFile, held: AppendFile, ports: RunPorts): Promise<void> {
  const { lines, damagedAt } = await readRun(file, ports);
  if (lines.length > 0 || damagedAt) throw begunBefore(file.run);
  await held.cut(0);
}

function begunBefore(id: string): CodedError {
  return new CodedError("run_busy", `The run ${id} was begun before.`);
}

function startNow({ clock, random }: RunPorts): AttemptStart {
  const now = clock.now();
  const timezoneOffset = zoneOffset(now, clock.zone());
  return { seed: random.bytes(32).toHex(), now, timezoneOffset };
}

/**
 * A program out of which a secret was taken for the record is not the one that ran.
 * @throws {CodedError} `run_damaged`
 */
async function refuseChanged({ source, sha256 }: RecordedProgram, run: string): Promise<void> {
  if (await sha256Hex(source) === sha256) return;
  throw new CodedError(
    "run_damaged",
    `The program of the run ${run} is not on record as it ran: a secret stood in it.`,
    "Ask again, if it is still wanted.",
  );
}

/** What happened in attempts that stand in a file. */
async function eventsIn(attempts: readonly AttemptRecord[], values: Values): Promise<Events> {
  const results = new Map<ResultLine, CallResult>();
  for (const line of attempts.flatMap(({ told }) => told)) {
    if (line.happened) results.set(line, await values.lengthen(line.reply));
  }
  return eventsOf(attempts, results);
}

/** An attempt as it stands in a file; nothing that is told in it gets on record. */
export function readOnlyAttempt(recorded: AttemptRecord, ports: RunPorts): Attempt {
  const means = { ...createValues(ports), clock: ports.clock, events: new Map(), recorded };
  const write = () => Promise.resolve();
  const { start } = recorded;
  return createAttempt({ ...means, start, write, isFull: () => false }, new Map());
}

/** The writer of a run, made when it is first wanted. */
interface LazyWriter {
  get(): Promise<RunWriter>;
  isOpen(): boolean;
}

/** `events`: what attempts before the last one did. */
function createRun(
  found: readonly RunLine[],
  events: Events,
  lazy: LazyWriter,
  bytes: number,
  ports: RunPorts,
): Run {
  const { clock, random } = ports;
  const lines = [...found];
  const values: Values = createValues(ports);
  let size = bytes;
  let waitsBehind: QuestionRecord | undefined;
  let isClosed = false;

  const record = (): RunRecord => {
    const whole = recordFrom(lines);
    if (!whole) throw new TypeError("a run without a beginning");
    return whole;
  };
  const write = async (line: RunLine, durable: boolean) => {
    const writer = await lazy.get();
    await writer.write(line, durable);
    size = writer.size;
    // what programs are told can be large, and nobody asks for it here
    if (line.kind !== "result") lines.push(line.kind === "intent" ? { ...line, args: {} } : line);
  };
  const means = { clock, events, write, isFull: () => size >= LARGEST_RUN, ...values };
  const close = async () => {
    if (isClosed || !lazy.isOpen()) return;
    isClosed = true;
    await (await lazy.get()).close();
  };

  return {
    id: record().run,
    get record() {
      return record();
    },
    async beginAttempt(program, memo) {
      const start = startNow(ports);
      const attempt = createAttempt({ ...means, start }, copyOf(events));
      await write({ kind: "attempt", program, start, memo }, false);
      return attempt;
    },
    async lastAttempt() {
      const last = record().attempts.at(-1);
      if (!last) return undefined;
      const { program, memo, start } = last;
      await refuseChanged(program, record().run);
      const earlier = copyOf(events);
      for (const [fingerprint, all] of await eventsIn([last], values)) {
        events.set(fingerprint, [...events.get(fingerprint) ?? [], ...all]);
      }
      return {
        program,
        memo,
        attempt: createAttempt({ ...means, start, recorded: last }, earlier),
      };
    },
    came: (outcome) => write({ kind: "outcome", outcome }, false),
    findQuestion: (...what) => findQuestion(record(), ...what),
    async ask(question) {
      const at = clock.now();
      const asked = { question: random.id(), ...question, at, expiresAt: at + ports.questionMs };
      await write({ kind: "asked", ...asked }, true);
      return record().questions.findLast((one) => one.question === asked.question) ??
        { ...asked, attempt: record().attempts.length, begun: 0 };
    },
    answer: (question, reply, by) =>
      write({ kind: "answered", question, reply, by, at: clock.now() }, true),
    get waits() {
      return openQuestions(record())[0] ?? waitsBehind;
    },
    waitFor(question) {
      waitsBehind ??= question;
    },
    async end(how, failure) {
      if (!lazy.isOpen()) return;
      const at = clock.now();
      await write({ kind: "ended", how, at, ...(failure ? { failure } : {}) }, false);
      await close();
    },
    close,
  };
}
