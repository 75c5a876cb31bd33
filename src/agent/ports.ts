import type { Artefacts } from "../artefacts/artefacts.ts";
import type { Pictures } from "../artefacts/uploads.ts";
import type { Library } from "../clams/library.ts";
import type { Matcher } from "../clams/match.ts";
import type { TurnUsage } from "../domain/turn.ts";
import type { Random } from "../platform/platform.ts";
import type { LanguageModel } from "../providers/provider.ts";
import type { Situation } from "./prompt_parts.ts";
import type { Meanwhile } from "./aside.ts";
import type { Satisfies } from "./result.ts";
import type { RuntimePorts } from "./runtime.ts";

/** Ports of a part that asks models. */
export type ModelPorts = AgentPorts & { readonly models: TurnModels };

/** The models of one turn; every request of theirs is counted against its budgets. */
export interface TurnModels {
  readonly selector: LanguageModel;
  readonly main: LanguageModel;
}

/** What was said before, as the conversation keeps it. */
export interface Said {
  readonly role: "user" | "assistant" | "summary";
  readonly text: string;
  /** Set where the text was made from what others wrote. */
  readonly mark?: {
    /** What stands in its place where code is chosen and written. */
    readonly shown: string;
  };
}

/** Text of the memory that fits its budget. */
export interface MemoryText {
  /** Without any marked note. */
  readonly code: string;
  /** With them; equal to `code` when there are none. */
  readonly chat: string;
}

/** What a turn knows beside the request. */
export interface Knowledge {
  readonly docs: readonly { readonly name: string; readonly text: string }[];
  readonly memory: MemoryText;
  /** Oldest first, without the request itself. */
  readonly history: readonly Said[];
}

/** The account of models. */
export interface SpendingPorts {
  /** What models were asked in the turn so far, by its programs too. */
  spent(): { readonly calls: number; readonly usage: TurnUsage };
}

/** Everything a turn asks of the house. */
export interface AgentPorts extends RuntimePorts, SpendingPorts {
  readonly library: Library;
  /** Begins what follows an answer and is waited for when the answer has been kept. */
  readonly meanwhile: Pick<Meanwhile, "begin">;
  readonly random: Random;
  readonly artefacts: Pick<Artefacts, "has">;
  readonly pictures: Pictures;
  readonly matcher: Matcher;
  /** `undefined` when no model is configured. */
  readonly models: TurnModels | undefined;
  /** Whoever is answered may only talk: no clam is matched, no program chosen, written or run. */
  readonly chatsOnly: boolean;
  knowledge(request: string): Promise<Knowledge>;
  situation(): Situation;
  /** The tools that exist, as TypeScript declarations. */
  readonly declarations: string;
  /** The same as one line each. */
  readonly toolLines: string;
  /** What people ask for and nothing here can do, a few words each. */
  readonly missing: readonly string[];
  readonly toolNames: readonly string[];
  readonly satisfies: Satisfies;
  readonly settings: AgentSettings;
  /** Pieces of a worded answer are wanted as they arrive. */
  readonly streams: boolean;
}

/** Numbers of the configuration that a turn reads. */
export interface AgentSettings {
  /** `agents.defaults.maxSelfFixAttempts`. */
  readonly maxFixes: number;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly selector: {
    readonly retries: number;
    readonly maxTokens: number;
    readonly temperature: number;
  };
}
