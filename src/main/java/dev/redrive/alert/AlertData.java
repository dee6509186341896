package dev.redrive.alert;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The data of an event, read one field at a time; any of them may be missing or of another type. */
record AlertData(JsonObject data) {

    /** Fields of the events, and how a person calls them. */
    private static final Map<String, String> FACTS = names();

    static AlertData of(String json) {
        return new AlertData(new JsonObject(json));
    }

    @Nullable
    String text(String name, int most) {
        return text(data.getValue(name), most);
    }

    String text(String name, int most, String absent) {
        var found = text(name, most);
        return found == null ? absent : found;
    }

    private static @Nullable String text(@Nullable Object value, int most) {
        if (value == null || value instanceof JsonArray) {
            return null;
        }
        var text = PlainText.of(value instanceof JsonObject object ? object.encode() : value.toString(), most);
        return text.isBlank() ? null : text;
    }

    long number(String name) {
        return data.getValue(name) instanceof Number number ? Math.max(0, number.longValue()) : 0;
    }

    @Nullable
    String link(String name) {
        return PlainText.link(data.getValue(name));
    }

    List<String> texts(String name, int most, int chars) {
        var texts = new ArrayList<String>();
        array(name).stream().limit(most).forEach(value -> {
            var text = text(value, chars);
            if (text != null) {
                texts.add(text);
            }
        });
        return texts;
    }

    /** @param at when it was told, where the data does not say since when it is so */
    Map<String, String> facts(Instant at) {
        var facts = new LinkedHashMap<String, String>();
        var since = text("since", 40);
        since = since == null ? text("firstSeenAt", 40) : since;
        facts.put("Since", since == null ? Times.rfc3339(at) : since);
        FACTS.forEach((field, name) -> {
            var value = text(field, 120);
            if (value != null) {
                facts.put(name, value);
            }
        });
        return facts;
    }

    List<ChannelMessage.Item> items() {
        return array("alerts").stream()
                .filter(JsonObject.class::isInstance)
                .map(item -> new AlertData((JsonObject) item))
                .map(item -> new ChannelMessage.Item(
                        item.text("title", 200, "alert"), item.link("link"), item.text("count", 20)))
                .toList();
    }

    /** The alert that an event tells of; null for several or none. */
    @Nullable
    Long alertId() {
        var id = text("alertId", 20);
        return id != null && id.matches("[1-9][0-9]{0,17}") ? Long.valueOf(id) : null;
    }

    /** The alerts that an event lists; none where it tells of one. */
    List<Long> alertIds() {
        return array("alerts").stream()
                .filter(JsonObject.class::isInstance)
                .map(item -> new AlertData((JsonObject) item).alertId())
                .filter(Objects::nonNull)
                .toList();
    }

    /** What an endpoint gets that must not see bytes of letters. */
    JsonObject withoutPayload() {
        var thin = data.copy();
        thin.remove("payload");
        if (thin.getValue("alerts") instanceof JsonArray alerts) {
            alerts.stream().filter(JsonObject.class::isInstance).forEach(item -> ((JsonObject) item).remove("payload"));
        }
        return thin;
    }

    private JsonArray array(String name) {
        return data.getValue(name) instanceof JsonArray array ? array : new JsonArray();
    }

    private static Map<String, String> names() {
        var names = new LinkedHashMap<String, String>();
        names.put("count", "Count");
        names.put("letters", "Letters");
        names.put("failures", "Failures");
        names.put("lag", "Lag");
        names.put("state", "State");
        names.put("topic", "Topic");
        names.put("originTopic", "Origin");
        names.put("consumerGroup", "Consumer group");
        names.put("cluster", "Cluster");
        names.put("partition", "Partition");
        names.put("cause", "Cause");
        names.put("why", "Why");
        names.put("rule", "Rule");
        return names;
    }
}
