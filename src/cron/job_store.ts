import type { StatementSync } from "node:sqlite";
import { CodedError } from "../domain/failure.ts";
import type { Database } from "../platform/database.ts";
import type { Job } from "./job.ts";
import type { JobRun, JobRunEnd } from "./ledger.ts";

/** What of a job can change. */
export type JobChange = Partial<Pick<Job, "enabled">> & {
  /** `null`: never again. */
  readonly nextAt?: number | null;
};

/** Which runs are meant. */
export interface RunFilter {
  readonly job?: string;
  /** So many of the newest. */
  readonly most: number;
}

/** Jobs, and the ledger of their runs. Every call is one transaction; `together` makes one of several. */
export interface JobStore {
  together<T>(work: () => T): T;
  /** @throws {CodedError} `usage` when there are as many as there may be */
  add(job: Job): void;
  /** All that can be read, by when they are due next. */
  list(): readonly Job[];
  /** Ids of jobs whose record is damaged; they are left as they are, and never due. */
  damaged(): readonly string[];
  find(id: string): Job | undefined;
  /** @returns whether there was one */
  remove(id: string): boolean;
  change(id: string, change: JobChange): void;
  /** Jobs whose time has come, so many at most. */
  due(now: number, most: number): readonly Job[];
  /** When there is something to do next; `undefined`: nothing is planned. */
  soonest(): number | undefined;
  /** Keeps a run that is planned or ended; a time that stands there already stays as it is. */
  keep(run: JobRun): void;
  /** Planned runs whose time has come, in order. */
  planned(now: number, most: number): readonly JobRun[];
  /** Runs that are running, or wait for a person. */
  underWay(): readonly JobRun[];
  /** The run of a job that has not ended, if there is one. */
  open(job: string): JobRun | undefined;
  findTurn(turn: string): JobRun | undefined;
  start(run: Pick<JobRun, "job" | "due">, turn: string, now: number): void;
  /** It waits for a person, or goes on. */
  mark(run: Pick<JobRun, "job" | "due">, state: "running" | "waiting", resumed?: boolean): void;
  retry(run: Pick<JobRun, "job" | "due">, nextTry: number, end: Omit<JobRunEnd, "state">): void;
  end(run: Pick<JobRun, "job" | "due">, end: JobRunEnd, now: number): void;
  /** The newest first. */
  history(filter: RunFilter): readonly JobRun[];
  /** What became of a job at a time, if it has been dealt with. */
  findRun(job: string, due: number): JobRun | undefined;
  /** When something was done last, or is noted to have been. */
  lastDoneAt(): number | undefined;
  /** Takes away what ended before then. */
  sweep(before: number): void;
  wasTakenOver(source: string): boolean;
  /** Adds jobs that were kept elsewhere, once for each source; an id that is known stays as it is. */
  takeOver(source: string, jobs: readonly Job[], now: number): void;
}

/** Jobs that there may be: their times are looked up, not held in memory. */
const MOST_JOBS = 10_000;

const TABLES = `
  CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY,
    enabled INTEGER NOT NULL,
    body TEXT NOT NULL,
    next_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS jobs_next ON jobs (next_at) WHERE enabled = 1 AND next_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS job_runs (
    job TEXT NOT NULL,
    due INTEGER NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    turn TEXT,
    resumed INTEGER NOT NULL DEFAULT 0,
    started INTEGER,
    ended INTEGER,
    next_try INTEGER,
    code TEXT,
    reason TEXT,
    PRIMARY KEY (job, due)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS job_runs_open ON job_runs (state, next_try)
    WHERE state IN ('planned', 'running', 'waiting');
  CREATE INDEX IF NOT EXISTS job_runs_ended ON job_runs (ended);
  CREATE TABLE IF NOT EXISTS job_sources (source TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS job_runs_turn ON job_runs (turn) WHERE turn IS NOT NULL;
`;

/**
 * Opens the jobs in the gateway's database.
 * @throws {CodedError} `file_failed` where it is damaged; it is left as it is
 */
export function openJobStore(database: Database): JobStore {
  const { db, at, together } = database;
  const sql = at(() => {
    db.exec(TABLES);
    return prepareAll((text) => db.prepare(text));
  });
  const find = (id: string) => at(() => readJob(sql.find.get(id)));
  const runs = (statement: StatementSync, ...args: (string | number)[]) =>
    at(() => statement.all(...args).map(readRun));
  const run = (statement: StatementSync, ...args: (string | number)[]) => {
    const [first] = runs(statement, ...args);
    return first;
  };
  const add = (job: Job) =>
    together(() => {
      if (Number(sql.count.get()?.["n"]) >= MOST_JOBS) throw tooMany();
      const { enabled, nextAt, ...body } = job;
      sql.add.run(job.id, Number(enabled), JSON.stringify(body), nextAt ?? null);
    });
  return {
    together,
    find,
    add,
    list: () => at(() => sql.list.all().map(readJob).filter((job) => job !== undefined)),
    damaged: () =>
      at(() => sql.list.all().filter((row) => !readJob(row)).map((row) => String(row["id"]))),
    remove: (id) => together(() => sql.remove.run(id).changes > 0),
    change: (id, { enabled, nextAt }) =>
      together(() => {
        if (enabled !== undefined) sql.enable.run(Number(enabled), id);
        if (nextAt !== undefined) sql.next.run(nextAt, id);
      }),
    due: (now, most) =>
      at(() => sql.due.all(now, most).map(readJob).filter((job) => job !== undefined)),
    soonest: () =>
      at(() => {
        const at = sql.soonest.get()?.["at"];
        return at === null || at === undefined ? undefined : Number(at);
      }),
    keep: ({ job, name, due, state, tries, resumed, nextTry, endedAt, reason }) =>
      together(() =>
        void sql.keep.run(
          ...[job, due, name, state, tries, Number(resumed)],
          ...[nextTry ?? null, endedAt ?? null, reason ?? null],
        )
      ),
    planned: (now, most) => runs(sql.planned, now, most),
    underWay: () => runs(sql.underWay),
    open: (job) => run(sql.open, job),
    findTurn: (turn) => run(sql.ofTurn, turn),
    start: ({ job, due }, turn, now) => together(() => void sql.start.run(turn, now, job, due)),
    mark: ({ job, due }, state, resumed = false) =>
      together(() => void sql.mark.run(state, Number(resumed), job, due)),
    retry: ({ job, due }, nextTry, { code, reason }) =>
      together(() => void sql.retry.run(nextTry, code ?? null, reason ?? null, job, due)),
    end: ({ job, due }, { state, code, reason }, now) =>
      together(() => void sql.end.run(state, now, code ?? null, reason ?? null, job, due)),
    history: ({ job, most }) =>
      job === undefined ? runs(sql.history, most) : runs(sql.historyOf, job, most),
    findRun: (job, due) => run(sql.ofTime, job, due),
    lastDoneAt: () =>
      at(() => {
        const ended = sql.lastDone.get()?.["at"];
        return ended === null || ended === undefined ? undefined : Number(ended);
      }),
    sweep: (before) => together(() => void sql.sweep.run(before)),
    wasTakenOver: (source) => at(() => sql.wasTaken.get(source) !== undefined),
    takeOver: (source, jobs, now) =>
      together(() => {
        if (sql.taken.run(source, now).changes === 0) return;
        for (const job of jobs) if (!sql.find.get(job.id)) add(job);
      }),
  };
}

function prepareAll(prepare: (text: string) => StatementSync) {
  return {
    count: prepare("SELECT count(*) AS n FROM jobs"),
    add: prepare("INSERT INTO jobs (id, enabled, body, next_at) VALUES (?, ?, ?, ?)"),
    find: prepare("SELECT * FROM jobs WHERE id = ?"),
    list: prepare("SELECT * FROM jobs ORDER BY enabled DESC, next_at IS NULL, next_at, id"),
    remove: prepare("DELETE FROM jobs WHERE id = ?"),
    enable: prepare("UPDATE jobs SET enabled = ? WHERE id = ?"),
    next: prepare("UPDATE jobs SET next_at = ? WHERE id = ?"),
    due: prepare(
      `SELECT * FROM jobs WHERE enabled = 1 AND next_at IS NOT NULL AND next_at <= ?
       ORDER BY next_at LIMIT ?`,
    ),
    soonest: prepare(
      `SELECT min(at) AS at FROM (
         SELECT min(next_at) AS at FROM jobs WHERE enabled = 1 AND next_at IS NOT NULL
         UNION ALL SELECT min(next_try) FROM job_runs WHERE state = 'planned')`,
    ),
    keep: prepare(
      `INSERT INTO job_runs (job, due, name, state, tries, resumed, next_try, ended, reason)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    // one run of a job at a time, in order
    planned: prepare(
      `SELECT * FROM job_runs AS run WHERE state = 'planned' AND next_try <= ?
       AND NOT EXISTS (SELECT 1 FROM job_runs AS other WHERE other.job = run.job
         AND (other.state IN ('running', 'waiting') OR (other.state = 'planned' AND other.due < run.due)))
       ORDER BY next_try, due LIMIT ?`,
    ),
    underWay: prepare("SELECT * FROM job_runs WHERE state IN ('running', 'waiting')"),
    open: prepare(
      `SELECT * FROM job_runs WHERE job = ? AND state IN ('planned', 'running', 'waiting')
       ORDER BY due LIMIT 1`,
    ),
    ofTurn: prepare("SELECT * FROM job_runs WHERE turn = ?"),
    start: prepare(
      `UPDATE job_runs SET state = 'running', tries = tries + 1, turn = ?, started = ?,
       next_try = NULL WHERE job = ? AND due = ?`,
    ),
    mark: prepare(
      "UPDATE job_runs SET state = ?, resumed = max(resumed, ?) WHERE job = ? AND due = ?",
    ),
    retry: prepare(
      `UPDATE job_runs SET state = 'planned', next_try = ?, code = ?, reason = ?
       WHERE job = ? AND due = ?`,
    ),
    end: prepare(
      `UPDATE job_runs SET state = ?, ended = ?, code = ?, reason = ?, next_try = NULL
       WHERE job = ? AND due = ?`,
    ),
    history: prepare("SELECT * FROM job_runs ORDER BY due DESC LIMIT ?"),
    historyOf: prepare("SELECT * FROM job_runs WHERE job = ? ORDER BY due DESC LIMIT ?"),
    ofTime: prepare("SELECT * FROM job_runs WHERE job = ? AND due = ?"),
    lastDone: prepare("SELECT max(ended) AS at FROM job_runs"),
    taken: prepare("INSERT INTO job_sources (source, at) VALUES (?, ?) ON CONFLICT DO NOTHING"),
    wasTaken: prepare("SELECT 1 FROM job_sources WHERE source = ?"),
    sweep: prepare("DELETE FROM job_runs WHERE ended < ?"),
  };
}

type Row = Record<string, unknown>;

/** A damaged record is none; it is left where it stands. */
function readJob(row: Row | undefined): Job | undefined {
  if (!row) return undefined;
  try {
    const body = JSON.parse(String(row["body"])) as Omit<Job, "enabled" | "nextAt">;
    const isWhole = body.id === row["id"] && body.schedule.kind && body.work.kind &&
      typeof body.name === "string" && typeof body.delivery.deliver === "boolean";
    if (!isWhole) return undefined;
    const next = row["next_at"];
    return {
      ...body,
      enabled: row["enabled"] === 1,
      ...(next === null ? {} : { nextAt: Number(next) }),
    };
  } catch {
    return undefined; // no JSON, or of another shape
  }
}

function readRun(row: Row): JobRun {
  const number = (key: string, name: string) =>
    row[key] === null ? {} : { [name]: Number(row[key]) };
  const text = (key: string) => row[key] === null ? {} : { [key]: String(row[key]) };
  return {
    job: String(row["job"]),
    name: String(row["name"]),
    due: Number(row["due"]),
    state: String(row["state"]) as JobRun["state"],
    tries: Number(row["tries"]),
    resumed: row["resumed"] === 1,
    ...number("started", "startedAt"),
    ...number("ended", "endedAt"),
    ...number("next_try", "nextTry"),
    ...text("turn"),
    ...text("code"),
    ...text("reason"),
  };
}

function tooMany(): CodedError {
  return new CodedError(
    "usage",
    `There are ${MOST_JOBS} jobs already, which is the most.`,
    "Remove some first.",
  );
}
