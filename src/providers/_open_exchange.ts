import type { Fetch } from "../platform/platform.ts";
import type { ProvidersSettings } from "./catalog.ts";
import type { Exchange } from "./_exchange.ts";
import type { Addressee } from "./_failures.ts";
import { createWire, USUAL_DEADLINES } from "./_wire.ts";
import { revealFor } from "./_revealed.ts";
import type { ProviderPorts } from "./ports.ts";

/** The wire to a provider. */
export function wireTo(to: Addressee, ports: ProviderPorts): Fetch {
  const { fetch, clock } = ports;
  return createWire(to, { fetch, clock, deadlines: { ...USUAL_DEADLINES, ...ports.deadlines } });
}

/** An exchange whose code is loaded with the first question. */
export function openExchange(
  to: Addressee,
  settings: ProvidersSettings,
  ports: ProviderPorts,
): Exchange {
  let loading: Promise<Exchange> | undefined;
  return async (question, signal) => {
    // what could not be loaded, such as a key of a vault that was locked, is tried again
    loading ??= loadExchange(to, settings, ports).catch((error) => {
      loading = undefined;
      throw error;
    });
    return await (await loading)(question, signal);
  };
}

async function loadExchange(
  { entry, model }: Addressee,
  configured: ProvidersSettings,
  ports: ProviderPorts,
): Promise<Exchange> {
  const { to, settings } = await revealFor(entry, model, configured, ports);
  const own = settings[to.entry.section];
  const wire = wireTo(to, ports);
  switch (to.entry.protocol) {
    case "openai_compatible": {
      const { createOpenAiExchange } = await import("./openai_compatible/adapter.ts");
      return createOpenAiExchange(to, own, wire);
    }
    case "anthropic": {
      const { createAnthropicExchange } = await import("./anthropic/adapter.ts");
      return createAnthropicExchange(to, own, wire);
    }
    case "openai_codex": {
      const { createCodexExchange } = await import("./openai_codex/adapter.ts");
      const { openLogin } = await import("./codex_login.ts");
      return createCodexExchange(to, own, wire, openLogin(ports));
    }
  }
}
