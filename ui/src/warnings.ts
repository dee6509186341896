/** Warnings whose letters a job can leave out, and what is true of those. */
export const avoidable: Record<string, string> = {
  "newer-key": "of which a newer one has the key",
  "newer-record": "of whose key their target holds a newer record",
  "other-partition": "that would go to another partition than they came from",
  "too-large": "that their target does not take",
  compacted: "that would go to a compacted topic",
  readers: "that several consumer groups would see",
};
