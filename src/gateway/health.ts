import type { Clock } from "../platform/platform.ts";
import type { HeadRequest, PlainReply } from "../platform/http_listener.ts";
import { isSameText } from "../text/same_text.ts";
import type { Counts } from "./counters.ts";
import type { GatewayStatus } from "./gateway.ts";

/** How things stand, in numbers and names of the program's own; no text of anybody. */
export interface Vitals {
  readonly status: Omit<GatewayStatus, "channels" | "servers">;
  readonly counts: Counts;
  /** Milliseconds since each channel last heard of its server; only those that ask one. */
  readonly silentMs: Readonly<Record<string, number>>;
  /** Milliseconds that the event loop was busy with one thing, at most. */
  readonly gapMs: number;
  readonly isDiskWritable: boolean;
}

/** What the endpoint needs. */
export interface HealthPorts {
  /** @throws {CodedError} when it lies in a vault that cannot be opened */
  token(): Promise<string>;
  /** Names, with the port where there is one, by which it may be asked. */
  isOwnHost(host: string): boolean;
  readonly clock: Pick<Clock, "monotonic">;
  vitals(): Promise<Vitals>;
}

/** What each path answers. Every one of them wants the token; there are no others. */
const ROUTES: ReadonlyMap<string, (vitals: Vitals) => PlainReply> = new Map([
  ["/health", health],
  ["/metrics", metrics],
]);

/** Wrong tokens of one address in a minute, after which it is not heard for a minute. */
const MOST_WRONG = 10;
const MINUTE_MS = 60_000;
/** Addresses that are remembered. */
const MOST_KNOWN = 1_000;

/** Answers requests for health and metrics. Whatever is not wholly in order is refused. */
export function createHealth(
  { token, isOwnHost, clock, vitals }: HealthPorts,
): (request: HeadRequest) => Promise<PlainReply> {
  const wrong = new Map<string, readonly number[]>();
  const recentOf = (from: string) =>
    (wrong.get(from) ?? []).filter((at) => at > clock.monotonic() - MINUTE_MS);
  const note = (from: string) => {
    const times = [...recentOf(from), clock.monotonic()];
    wrong.delete(from);
    wrong.set(from, times);
    const [oldest] = wrong.keys();
    if (wrong.size > MOST_KNOWN && oldest !== undefined) wrong.delete(oldest);
  };
  return async (request) => {
    const { from } = request;
    if (!comesFromNoPage(request, isOwnHost)) return refused(403, "not from here");
    if (request.method !== "GET") return refused(405, "only GET", { allow: "GET" });
    if (recentOf(from).length >= MOST_WRONG) return refused(429, "too many wrong tokens");
    if (!await isAllowed(request, token)) {
      note(from);
      return refused(401, "the token is missing or wrong", { "www-authenticate": "Bearer" });
    }
    const route = ROUTES.get(request.target);
    return route ? route(await vitals()) : refused(404, "nothing here");
  };
}

function fieldsOf({ fields }: HeadRequest, name: string): readonly string[] {
  return fields.filter(([one]) => one === name).map(([, value]) => value);
}

/**
 * A page in a browser can send requests here, also under a name of its own that leads to this
 * address. Browsers say so: by `Origin`, by `Sec-Fetch-Site`, and by the name in `Host`.
 */
function comesFromNoPage(
  request: HeadRequest,
  isOwnHost: HealthPorts["isOwnHost"],
): boolean {
  const [host, ...others] = fieldsOf(request, "host");
  if (host === undefined || others.length > 0 || !isOwnHost(host.toLowerCase())) return false;
  if (fieldsOf(request, "origin").length > 0) return false;
  return fieldsOf(request, "sec-fetch-site").every((value) => value === "none");
}

async function isAllowed(request: HeadRequest, token: HealthPorts["token"]): Promise<boolean> {
  const [written = "", ...others] = fieldsOf(request, "authorization");
  const [, given] = /^Bearer (\S+)$/i.exec(written) ?? [];
  return isSameText(given ?? "", await token()) && others.length === 0 && given !== undefined;
}

function refused(
  status: number,
  why: string,
  fields: Readonly<Record<string, string>> = {},
): PlainReply {
  return { status, type: "text/plain", body: `${why}\n`, fields };
}

/** Milliseconds after which a channel that hears nothing of its server is not well. */
const MOST_SILENT_MS = 120_000;
/** The same of the event loop being busy with one thing. */
const MOST_GAP_MS = 5_000;

function health({ silentMs, gapMs, isDiskWritable }: Vitals): PlainReply {
  const channels = Object.fromEntries(
    Object.entries(silentMs).map(([name, ms]) => [name, ms < MOST_SILENT_MS]),
  );
  const isWell = Object.values(channels).every(Boolean) && gapMs < MOST_GAP_MS && isDiskWritable;
  const body = JSON.stringify({ ok: isWell, channels, gapMs, disk: isDiskWritable });
  return { status: isWell ? 200 : 503, type: "application/json", body: `${body}\n` };
}

/** The text format of Prometheus, 0.0.4. */
function metrics({ status, counts, silentMs, gapMs, isDiskWritable }: Vitals): PlainReply {
  const text = [
    family("turns_total", "counter", "Turns that ended.", labelled("status", counts.turns)),
    family("model_calls_total", "counter", "Requests to models.", plain(counts.modelCalls)),
    family(
      "tool_calls_total",
      "counter",
      "Calls of tools.",
      labelled("decision", counts.toolCalls),
    ),
    family("running", "gauge", "Conversations that are being answered.", plain(status.running)),
    family("queue_length", "gauge", "Messages that wait for their turn.", plain(status.queued)),
    family("questions_open", "gauge", "Turns that wait for a person.", plain(status.parked)),
    family("unsent", "gauge", "Messages that are to be told.", plain(status.unsent)),
    family("dead_letters", "gauge", "What could not be dealt with.", plain(status.dead)),
    family("event_loop_gap_seconds", "gauge", "Longest of the last minute.", plain(gapMs / 1000)),
    family(
      "channel_silent_seconds",
      "gauge",
      "Since a channel heard of its server.",
      labelled(
        "channel",
        Object.fromEntries(Object.entries(silentMs).map(([name, ms]) => [name, ms / 1000])),
      ),
    ),
    family("disk_writable", "gauge", "1: the store can be written.", plain(Number(isDiskWritable))),
  ];
  return { status: 200, type: "text/plain; version=0.0.4", body: text.join("") };
}

type Sample = readonly [labels: string, value: number];

function plain(value: number): readonly Sample[] {
  return [["", value]];
}

function labelled(label: string, values: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(values).map(([name, value]) => [`{${label}="${name}"}`, value]);
}

function family(
  name: string,
  type: "counter" | "gauge",
  help: string,
  samples: readonly Sample[],
): string {
  const full = `clambot_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labels} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join("")}`;
}
