package dev.redrive.alert;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Something worth telling, as it is written to the outbox.
 *
 * @param type CloudEvents type, such as {@code redrive.group.new}
 * @param episode what must arrive in order, such as {@code failure-group:17}; an episode has each type once
 * @param data what is told: ids, counts and names, never a payload; below 16 KiB as JSON
 */
record AlertEvent(String type, String episode, @Nullable Long failureGroupId, JsonObject data) {}
