import type { Clock, Fetch, Files, Random } from "../platform/platform.ts";
import type { Deadlines } from "./_wire.ts";
import type { ProvidersSettings } from "./catalog.ts";
import type { NotesByModel } from "./prices.ts";

/** What providers need of the world. */
export interface ProviderPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  /** The directory `secrets`, where the login with ChatGPT is kept. */
  readonly secrets: Files;
  /** The value behind a key or header of the configuration, which may say where it lies. */
  readonly reveal?: (written: string) => Promise<string>;
  /** Deadlines other than the usual ones. */
  readonly deadlines?: Partial<Deadlines>;
  /** The service that people log in at with ChatGPT, when it is not OpenAI's. */
  readonly issuer?: string;
}

/** The parts of the configuration that models are opened with. */
export interface ModelSettings {
  readonly providers: ProvidersSettings;
  /** `agents.models`: the person's own word on windows and prices. */
  readonly models: NotesByModel;
  /** Model that is asked when the first one cannot be reached; empty or absent: none. */
  readonly fallbackModel?: string | undefined;
}
