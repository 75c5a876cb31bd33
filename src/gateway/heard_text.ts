/** Asks whoever spoke whether a voice note was heard right. */
export function heardText(heard: string): string {
  return `I heard: \u201c${heard}\u201d\nSend /yes to have it taken as your words, or say it anew.`;
}
