package dev.redrive.grouping;

/**
 * Names the failure groups that fit a filter.
 *
 * @param q over what a group is, see {@link GroupFilter#facts}
 */
record LabelRule(String q, String label) {}
