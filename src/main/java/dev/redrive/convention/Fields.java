package dev.redrive.convention;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members of a JSON object that may not be one: what is missing or of another type is null or empty. */
record Fields(Map<String, @Nullable Object> members) {

    static Fields of(@Nullable Object json) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        if (json instanceof Map<?, ?> map) {
            map.forEach((name, value) -> members.put(String.valueOf(name), value));
        }
        return new Fields(members);
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    /** With the member, where it is missing or null. */
    Fields or(String name, String value) {
        if (members.get(name) != null) {
            return this;
        }
        var more = new LinkedHashMap<>(members);
        more.put(name, value);
        return new Fields(more);
    }

    Fields at(String name) {
        return of(members.get(name));
    }

    Collection<@Nullable Object> values() {
        return members.values();
    }

    /** The first of the members that is there and not null. */
    @Nullable
    Object any(String... names) {
        for (String name : names) {
            if (members.get(name) != null) {
                return members.get(name);
            }
        }
        return null;
    }

    @Nullable
    String text(String name) {
        return members.get(name) instanceof String text ? Text.clean(text) : null;
    }

    @Nullable
    Long number(String name) {
        return Text.decimal(text(name));
    }
}
