// A text in Markdown as plain data.

/** A piece of a line. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "bold" | "italic" | "strike"; readonly children: readonly Inline[] }
  /** Any address that somebody wrote; whether it may be followed is for the reader to decide. */
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] }
  | { readonly kind: "image"; readonly href: string; readonly label: string };

/** A part of a text that stands on lines of its own. */
export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | {
    readonly kind: "list";
    /** Blank lines stand between the items. */
    readonly isLoose: boolean;
    readonly items: readonly ListItem[];
  }
  | { readonly kind: "code"; readonly language?: string; readonly text: string }
  | { readonly kind: "rule" }
  | {
    readonly kind: "table";
    readonly columns: readonly Align[];
    readonly head: readonly Cell[];
    readonly rows: readonly (readonly Cell[])[];
  };

/** One item of a list. */
export interface ListItem {
  /** Its number as it was written, in a list that counts. */
  readonly number?: string;
  /** Whether it is done, where it is a task. */
  readonly done?: boolean;
  readonly blocks: readonly Block[];
}

export type Cell = readonly Inline[];
export type Align = "left" | "right" | "center";
