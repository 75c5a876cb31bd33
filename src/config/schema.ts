import type * as z from "zod";
import type { Json } from "../domain/json.ts";
import { type ProviderEntry, PROVIDERS, type ProviderSection } from "../providers/catalog.ts";
import {
  choice,
  decimal,
  flag,
  list,
  named,
  objectEntry,
  optionalDecimal,
  optionalForm,
  optionalText,
  optionalTexts,
  optionalWhole,
  section,
  text,
  textEntry,
  texts,
  whole,
} from "./_kinds.ts";
import { isTimeZone } from "./_time_zone.ts";
import { channels } from "./_channel_keys.ts";
import { heartbeat } from "./_heartbeat_keys.ts";
import { allowedHostItem, grantItem, listedVariableItem } from "./_list_items.ts";

// Every key of the configuration: its place, type, default and sentence. Nothing about keys is
// written anywhere else; errors, `config check` and the table in docs/configuration.md read this.

const LATER = "the part that reads it does not exist yet";
const later = { unused: LATER } as const;

const MIB = 1_048_576;

const defaults = section({
  workspace: text("", "Where the original kept its workspace.", {
    unused: "everything stands below CLAMBOT_HOME",
  }),
  model: text("", "Model that writes programs and answers, as `provider/model`."),
  maxTokens: whole(8192, "Tokens of one answer of the model at most.", { min: 1 }),
  temperature: decimal(
    0.7,
    "Temperature of the model; 1 at most for Anthropic, and not sent to models that know none.",
    { min: 0, max: 2 },
  ),
  runtimeTimeoutSeconds: whole(60, "Seconds of computing that one program may use.", {
    min: 1,
    max: 3600,
  }),
  maxToolIterations: whole(20, "Tool calls that one program may make.", { min: 0, max: 10_000 }),
  maxSelfFixAttempts: whole(3, "Times a failing program is mended before giving up.", {
    min: 0,
    max: 10,
  }),
  availableTools: optionalTexts("Tools that exist; no others do. Wins over `disabledTools`."),
  disabledTools: texts("Tools that do not exist."),
  timezone: optionalForm(
    "an IANA time zone such as Europe/Vienna",
    isTimeZone,
    "Your time zone; that of the machine when left out.",
  ),
  userName: text("", "What to call you; your user name when empty."),
});

const compaction = section({
  enabled: flag(true, "Put a summary in place of the older part of a long conversation."),
  targetRatio: decimal(0.5, "Share of the model's window that a conversation may fill.", {
    min: 0.05,
    max: 1,
  }),
  reserveTokens: whole(2000, "Tokens of the window kept free for the answer.", { min: 0 }),
  summaryMaxTokens: whole(500, "Tokens that a summary should have; twice as many are refused.", {
    min: 1,
  }),
  keepRecentTurns: whole(4, "Turns that are always kept word for word.", { min: 1 }),
  maxAutoCompactionsPerTurn: whole(1, "Summaries made during one turn at most.", {
    min: 0,
    unused: "a turn makes one at most",
  }),
});

const memoryPromptBudget = section({
  maxTokens: whole(4000, "Tokens of memory in a prompt at most.", { min: 0 }),
  minTokens: whole(0, "With room for fewer tokens than this, memory is left out.", { min: 0 }),
  reserveTokens: whole(500, "Tokens taken off the room for memory.", { min: 0 }),
  maxContextRatio: decimal(0.3, "Share of the model's window that memory may take.", {
    min: 0,
    max: 1,
  }),
  durableFactsRatio: decimal(0.5, "Share of lasting facts.", { min: 0, max: 1, ...later }),
});

const selector = section({
  provider: text("", "Provider of the selector model.", {
    unused: "write provider/model in agents.selector.model",
  }),
  model: text("", "Cheaper model that chooses how to answer; the main one when empty."),
  retries: whole(1, "Times an unreadable choice is asked for again.", { min: 0, max: 5 }),
  maxTokens: whole(1024, "Tokens of a choice; twice as many after one that was cut off.", {
    min: 1,
  }),
  temperature: decimal(0, "Temperature of a choice.", { min: 0, max: 2 }),
});

const programsFetch = { unused: "programs fetch pages themselves, through the gate" } as const;
const linkContext = section({
  enabled: flag(true, "Fetch pages named in a message ahead of the answer.", programsFetch),
  maxLinks: whole(3, "Pages at most.", { min: 0, ...programsFetch }),
  maxCharsPerLink: whole(8000, "Characters of one page at most.", { min: 0, ...programsFetch }),
  explicitLinksOnly: flag(false, "Only whole addresses.", programsFetch),
  heuristicPrefetchEnabled: flag(true, "Guess what to fetch.", programsFetch),
  intentUrlInferenceEnabled: flag(false, "Guess addresses.", programsFetch),
});

const approvals = section({
  enabled: flag(true, "Ask before a tool call that no grant covers."),
  interactive: flag(true, "Somebody may be asked; if not, what no grant covers is refused."),
  allowAlways: flag(true, "Offer standing grants in questions."),
  expireHours: whole(72, "Hours that a question stays open when nobody answers it.", {
    min: 1,
    max: 8760,
  }),
  askAlso: texts(
    "Tools that are asked for although their calls change nothing, such as `memory_recall`.",
  ),
  alwaysGrants: list(
    grantItem,
    'a list of grants such as "fs:workspace" or {"tool": "fs", "scope": "workspace"}',
    "Standing grants: what may happen without a question; `expiresAt` and `effect` narrow one.",
  ),
});

const price = section({
  inputPerMillion: optionalDecimal(
    "US dollars for a million tokens of prompt; counts only with `outputPerMillion`.",
    { min: 0 },
  ),
  outputPerMillion: optionalDecimal(
    "US dollars for a million tokens of answer; counts only with `inputPerMillion`.",
    { min: 0 },
  ),
});
const modelNotes = section({
  maxContextSize: optionalWhole("Tokens of this model's window, in place of what is known.", {
    min: 1,
  }),
  price,
});

const usd = (span: string) =>
  optionalDecimal(
    `US dollars spent in ${span} at most. A model of unknown price counts as \`unknownPrice\`, ` +
      "or is refused without one.",
    { min: 0 },
  );
const toolCalls = (span: string) => optionalWhole(`Tool calls in ${span} at most.`, { min: 0 });
const budgets = section({
  perTurn: section({
    calls: whole(30, "Calls of models in one turn at most.", { min: 0 }),
    tokens: whole(500_000, "Tokens used in one turn at most.", { min: 0 }),
    usd: usd("one turn"),
    toolCalls: toolCalls("one turn"),
    seconds: whole(
      1800,
      "Seconds that one turn of a conversation may take without waiting for you.",
      {
        min: 1,
        max: 604_800,
      },
    ),
  }),
  perDay: section({
    calls: optionalWhole("Calls of models in one day at most.", { min: 0 }),
    tokens: optionalWhole("Tokens used in one day at most.", { min: 0 }),
    usd: usd("one day"),
    toolCalls: toolCalls("one day"),
  }),
  perOrigin: named(section({
    calls: optionalWhole("Calls of models in one day at most, of what comes from there.", {
      min: 0,
    }),
    tokens: optionalWhole("Tokens used in one day at most, of what comes from there.", { min: 0 }),
    usd: usd("one day by what comes from there"),
    toolCalls: toolCalls("one day, of what comes from there,"),
  })),
  perGuest: section({
    calls: whole(50, "Calls of models in one day at most, for one guest.", { min: 0 }),
    tokens: whole(200_000, "Tokens used in one day at most, for one guest.", { min: 0 }),
  }),
  guests: section({
    calls: whole(500, "Calls of models in one day at most, for all guests together.", { min: 0 }),
    tokens: whole(2_000_000, "Tokens used in one day at most, for all guests together.", {
      min: 0,
    }),
  }),
  unknownPrice: price,
});

function provider({ title, keys = {} }: ProviderEntry) {
  const { title: name = title, apiBase, unusedKey } = keys;
  return section({
    apiKey: text("", `Key for ${name}.`, {
      secret: true,
      ...(unusedKey === undefined ? {} : { unused: unusedKey }),
    }),
    apiBase: optionalText(apiBase ?? `Address of the API, in place of ${name}'s own.`),
    extraHeaders: named(textEntry("Header sent with every request.", { secret: true })),
  });
}

const providerSections = Object.fromEntries(
  Object.values(PROVIDERS).map((entry) => [entry.section, provider(entry)]),
) as Readonly<Record<ProviderSection, ReturnType<typeof provider>>>;

const providers = section({
  ...providerSections,
  thinkDisabledModels: texts("Models that the original asked without thinking.", {
    unused: "the program finds this out by itself",
  }),
});

const inOnePiece = { unused: "recordings are sent as they are, in one piece" } as const;
const WHISPER = "https://api.groq.com/openai/v1/audio/transcriptions";
const tools = section({
  filesystem: section({
    restrictToWorkspace: flag(true, "Programs reach files of the workspace only."),
    maxReadBytes: whole(MIB, "Bytes that one reading returns at most.", { min: 1 }),
    maxWriteBytes: whole(MIB, "Bytes that one writing takes at most.", { min: 1 }),
  }),
  transcribe: section({
    maxDurationSeconds: whole(7200, "Seconds that a recording may last, where it tells.", {
      min: 1,
    }),
    chunkDurationSeconds: whole(600, "Length of one piece sent.", { min: 1, ...inOnePiece }),
    audioFormat: text("mp3", "Format of the pieces.", inOnePiece),
    whisperModel: text("whisper-large-v3", "Model that listens to recordings."),
    whisperApiUrl: text(WHISPER, "Where recordings are sent: that of Groq needs its key."),
    whisperApiStyle: choice(
      ["openai", "whisper_asr"],
      "openai",
      "How that server talks: like OpenAI's, or like the Whisper ASR web service.",
    ),
    whisperRequestTimeoutSeconds: decimal(600, "Seconds to wait for its answer.", { min: 1 }),
  }),
  mcpServers: named(objectEntry("An MCP server, as docs/mcp.md says.", { secret: true })),
});

const gateway = section({
  host: text("127.0.0.1", "Address at which the gateway answers for its health, with a token."),
  port: whole(18790, "Its port; 0: one that is free.", { min: 0, max: 65_535 }),
  token: text("", "Who shows it may ask for health and metrics; without one nothing listens.", {
    secret: true,
  }),
  exposed: flag(false, "`gateway.host` may be an address that other machines reach."),
  concurrency: optionalWhole("Conversations answered at once; the processor's cores if left out.", {
    min: 1,
    max: 64,
  }),
  mostWaiting: whole(20, "Messages of one person that may wait for an answer.", {
    min: 1,
    max: 10_000,
  }),
  maxAgeHours: whole(24, "Hours after which a message is too old to be acted on.", {
    min: 1,
    max: 8760,
  }),
  shutdownSeconds: whole(20, "Seconds that what runs may take after a stop signal.", {
    min: 1,
    max: 3600,
  }),
  logs: section({
    keepDays: whole(14, "Days that the log of the gateway is kept.", { min: 1, max: 3650 }),
    maxMiB: whole(64, "MiB of the log that are kept at most.", { min: 1, max: 10_000 }),
  }),
  maxFiles: whole(1024, "File descriptors that the process may have open.", {
    min: 64,
    max: 1_048_576,
  }),
});

/** The whole configuration, as it must be after spelling is settled; see `parseConfig`. */
export const configSchema = section({
  agents: section({
    defaults,
    fallbackModel: text("", "Model asked when the main one cannot be reached."),
    selector,
    approvals,
    clamEnv: named(
      objectEntry(
        "Secrets under the names that one clam uses, by its id or name: " +
          '`{"API_TOKEN": "MY_SECRET"}`.',
      ),
    ),
    budgets,
    models: named(modelNotes),
    memoryPromptBudget,
    compaction,
    linkContext,
  }),
  providers,
  tools,
  network: section({
    allowHosts: list(
      allowedHostItem,
      'a list of {"url": "http://nas.local:8080", "addresses": "192.168.1.0/24", ' +
        '"tools": ["http_request"]}',
      "Hosts inside your own network that the named tools may reach.",
    ),
    nameServers: texts(
      "Name servers that tools ask, as `ip` or `ip:port`; the system's when empty.",
    ),
  }),
  security: section({
    sslFallbackInsecure: flag(
      false,
      "Tools accept servers whose certificate cannot be verified; models' servers never.",
    ),
  }),
  secrets: section({
    environment: list(
      listedVariableItem,
      'a list of {"name": "GITHUB_TOKEN", "hosts": ["api.github.com"]}',
      "Environment variables, also of `.env`, that programs may use as secrets, each for its hosts " +
        "alone; `place` is `bearer` when left out.",
    ),
  }),
  sandbox: section({
    memoryMiB: whole(64, "Memory of one program in MiB.", { min: 8, max: 80 }),
    prewarm: whole(1, "Sandboxes started ahead of time.", { min: 0, max: 4 }),
  }),
  runs: section({
    keepDays: whole(30, "Days that the record of a run is kept after its end.", {
      min: 0,
      max: 36_500,
    }),
  }),
  channels,
  gateway,
  heartbeat,
  cron: section({
    enabled: flag(true, "Run jobs at their times."),
    atOnce: whole(3, "Jobs that run at once.", { min: 1, max: 32 }),
  }),
});

/** A configuration with every key filled in. Plain data; nothing in it is changed later. */
export type Config = Frozen<z.output<typeof configSchema>>;

/** Read-only all the way down; JSON stays as it is, having no end. */
type Frozen<T> = [Json] extends [T] ? T
  : T extends object ? { readonly [K in keyof T]: Frozen<T[K]> }
  : T;
