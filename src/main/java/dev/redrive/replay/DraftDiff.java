package dev.redrive.replay;

import dev.redrive.letter.BytesJson;
import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a draft changes, by meaning and by bytes, in the words of the contract. */
final class DraftDiff {

    private static final int MOST_CHANGES = 200;

    private DraftDiff() {}

    /** @param before what a replay of the letter would send; null where that is nothing */
    static JsonObject of(@Nullable Content before, Draft draft) {
        var old = before == null ? new Content(null, null, List.of()) : before;
        var now = draft.content();
        return new JsonObject()
                .put("key", part(old.key(), now.key()))
                .put("value", part(old.value(), now.value()))
                .put("headers", headers(old.headers(), now.headers()))
                .put(
                        "target",
                        new JsonObject()
                                .put("before", TargetJson.write(Target.ORIGIN))
                                .put("after", TargetJson.write(draft.target())));
    }

    /** The parts that differ. */
    static JsonArray changed(@Nullable Content before, Draft draft) {
        var changed = new JsonArray();
        var now = draft.content();
        if (before == null || !Objects.equals(before.key(), now.key())) {
            changed.add("key");
        }
        if (before == null || !Objects.equals(before.value(), now.value())) {
            changed.add("value");
        }
        if (before == null || !before.headers().equals(now.headers())) {
            changed.add("headers");
        }
        return draft.target().equals(Target.ORIGIN) ? changed : changed.add("target");
    }

    /** What the contract's PartDiff says. */
    static JsonObject part(@Nullable Buffer before, @Nullable Buffer after) {
        var part = new JsonObject();
        if (Objects.equals(before, after)) {
            part.put("change", "same").put("bytesChanged", 0).put("json", null);
        } else {
            var json = json(before, after);
            part.put("change", json != null && json.isEmpty() ? "layout" : "changed")
                    .put("bytesChanged", bytesChanged(before, after))
                    .put("json", json);
        }
        return part.put("before", BytesJson.shown(before)).put("after", BytesJson.shown(after));
    }

    private static int bytesChanged(@Nullable Buffer before, @Nullable Buffer after) {
        var a = before == null ? new byte[0] : before.getBytes();
        var b = after == null ? new byte[0] : after.getBytes();
        int shorter = Math.min(a.length, b.length);
        int start = 0;
        while (start < shorter && a[start] == b[start]) {
            start++;
        }
        int end = 0;
        while (end < shorter - start && a[a.length - 1 - end] == b[b.length - 1 - end]) {
            end++;
        }
        return Math.max(a.length, b.length) - start - end;
    }

    /** @return null where one side is no JSON */
    private static @Nullable JsonArray json(@Nullable Buffer before, @Nullable Buffer after) {
        var old = JsonLeaves.of(before);
        var now = JsonLeaves.of(after);
        if (old == null || now == null) {
            return null;
        }
        var changes = new JsonArray();
        old.forEach((pointer, text) -> {
            var then = now.get(pointer);
            if (!text.equals(then)) {
                add(changes, pointer, then == null ? "dropped" : "changed", text, then);
            }
        });
        now.forEach((pointer, text) -> {
            if (!old.containsKey(pointer)) {
                add(changes, pointer, "added", null, text);
            }
        });
        return changes;
    }

    private static void add(
            JsonArray changes, String pointer, String change, @Nullable String before, @Nullable String after) {
        if (changes.size() < MOST_CHANGES) {
            changes.add(new JsonObject()
                    .put("pointer", pointer)
                    .put("change", change)
                    .put("before", before)
                    .put("after", after));
        }
    }

    /** In the order of the draft; a header that was dropped stands where it stood. */
    private static JsonArray headers(List<Header> before, List<Header> after) {
        var rows = new ArrayList<JsonObject>();
        var left = new ArrayList<>(before);
        for (var header : after) {
            int at = left.indexOf(header);
            if (at < 0) {
                rows.add(row(takeChanged(left, header, after), header));
                continue;
            }
            // What stood before it and is not in the draft any more was dropped.
            for (var passed : List.copyOf(left.subList(0, at))) {
                if (!after.contains(passed)) {
                    rows.add(row(passed, null));
                    left.remove(passed);
                }
            }
            left.remove(header);
            rows.add(row(header, header));
        }
        left.forEach(header -> rows.add(row(header, null)));
        return new JsonArray(rows);
    }

    /** The old header of this name that has another value, if it is not in the draft itself. */
    private static @Nullable Header takeChanged(List<Header> left, Header header, List<Header> after) {
        for (var old : left) {
            if (old.name().equals(header.name()) && !after.contains(old)) {
                left.remove(old);
                return old;
            }
        }
        return null;
    }

    private static JsonObject row(@Nullable Header before, @Nullable Header after) {
        var named = before == null ? after : before;
        String change =
                before == null ? "added" : after == null ? "dropped" : before.equals(after) ? "same" : "changed";
        return new JsonObject()
                .put("change", change)
                .put("name", named == null ? "" : named.name())
                .put("before", before == null ? null : BytesJson.shown(before.value()))
                .put("after", after == null ? null : BytesJson.shown(after.value()));
    }
}
