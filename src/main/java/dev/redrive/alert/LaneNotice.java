package dev.redrive.alert;

/**
 * What there is to tell of a lane that sends nothing until a person has looked.
 *
 * @param fence rises with every owner of the lane; the same lane and fence are told once
 * @param why a sentence
 */
public record LaneNotice(String cluster, int lane, long fence, String why) {}
