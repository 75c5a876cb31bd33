import type { ClamId, ClamManifest } from "../domain/clam.ts";
import { wordsOf } from "../text/words.ts";
import type { Entry } from "./_tables.ts";
import { normalizeRequest } from "./request.ts";
import { anchorsOf, parseTemplate } from "./template.ts";

/**
 * Whether this clam may be offered in a conversation. What was imported may not, until the person
 * adopts it; what is bound to a conversation, only there.
 */
export function isOffered(manifest: ClamManifest, conversation?: string): boolean {
  const isOfHere = manifest.conversation === undefined || manifest.conversation === conversation;
  return manifest.reusable && manifest.origin !== "imported" && isOfHere;
}

/**
 * Whether a request may lead to this clam without anybody choosing it. Where a request leaned on
 * its conversation, the same words mean something else later, there too.
 */
export function isMatched(manifest: ClamManifest): boolean {
  return isOffered(manifest) && manifest.conversation === undefined;
}

/** What the index keeps of a clam. */
export function describeClam(id: ClamId, manifest: ClamManifest, stamp: string): Entry {
  const { conversation } = manifest;
  const offered = isOffered(manifest, conversation);
  const matched = isMatched(manifest);
  return {
    id,
    stamp,
    name: manifest.name.toLowerCase(),
    conversation: conversation ?? "",
    requests: matched ? keysOf(manifest) : [],
    templates: matched ? indexedTemplates(manifest) : [],
    words: offered ? searchWords(manifest) : [],
  };
}

/** A clam whose files cannot be read: it can be named, nothing else. */
export function describeBroken(id: ClamId, stamp: string): Entry {
  return { id, stamp, name: "", conversation: "", requests: [], templates: [], words: [] };
}

function keysOf(manifest: ClamManifest): string[] {
  return [...new Set(manifest.requests.map(normalizeRequest).filter((key) => key !== ""))];
}

function indexedTemplates(manifest: ClamManifest): Entry["templates"] {
  return [...new Set(manifest.templates)].flatMap((text) => {
    const template = parseTemplate(text);
    return template ? [{ text, anchors: anchorsOf(template) }] : [];
  });
}

const MOST_WORDS = 200;

function searchWords(manifest: ClamManifest): string[] {
  const { name, description, requests, templates } = manifest;
  const slotless = templates.map((text) => text.replace(/\{[^}]*\}/g, " "));
  const text = [name, description, ...requests, ...slotless].join("\n").slice(0, 20_000);
  return [...new Set(wordsOf(text))].slice(0, MOST_WORDS);
}
