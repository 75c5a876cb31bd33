/** What is still needed by something that is kept: jobs, leases, open runs, standing tasks, clams. */
export interface References {
  /** Ids of clams that one of them runs. */
  readonly clams: ReadonlySet<string>;
  /** Conversations that one of them belongs to or tells something in. */
  readonly conversations: ReadonlySet<string>;
  /** Lower-case hex SHA-256 of scripts that a run which stands open goes on with. */
  readonly scripts: ReadonlySet<string>;
  /** Everything else of them that may name a file. */
  readonly texts: readonly string[];
}

/** Whether one of the texts has this name, alone or within a path. */
export function isNamed(name: string, texts: readonly string[]): boolean {
  const quoted = JSON.stringify(name).slice(1, -1);
  return texts.some((text) => hasWord(text, name) || (quoted !== name && hasWord(text, quoted)));
}

/** `photo.jpg` stands in `upload/photo.jpg`, and not in `myphoto.jpg`. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const isPart = /[\p{L}\p{N}_-]/u;
    if (!isPart.test(text[at - 1] ?? "") && !isPart.test(text[at + word.length] ?? "")) return true;
  }
  return false;
}
