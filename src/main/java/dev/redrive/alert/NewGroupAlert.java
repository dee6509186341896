package dev.redrive.alert;

import dev.redrive.grouping.FailureGroup;
import dev.redrive.grouping.FailureGroupStore;
import dev.redrive.grouping.NewGroupListener;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells of a new failure group, in the transaction of its first letters. The message of the failure stays here: even
 * normalised it can hold what a customer typed.
 */
final class NewGroupAlert implements NewGroupListener {

    private static final String TYPE = "redrive.group.new";

    /** A consumer group's name may be as long as its owner likes; a webhook may not. */
    private static final int TEXT_CHARS = 300;

    private final FailureGroupStore groupStore = new FailureGroupStore();
    private final Links links;

    NewGroupAlert(Links links) {
        this.links = links;
    }

    @Override
    public Future<Void> created(SqlConnection connection, List<FailureGroup> groups) {
        return groupStore
                .letters(connection, groups.stream().map(FailureGroup::id).toList())
                .compose(letters -> OutboxStore.write(
                        connection,
                        groups.stream()
                                .map(group -> event(group, letters.getOrDefault(group.id(), 0L)))
                                .toList()));
    }

    private AlertEvent event(FailureGroup group, long letters) {
        var data = data(group).put("letters", letters);
        return new AlertEvent(TYPE, "failure-group:" + group.id(), group.id(), data);
    }

    private JsonObject data(FailureGroup group) {
        return new JsonObject()
                .put("failureGroupId", Long.toString(group.id()))
                .put("title", bounded(group.title()))
                .put("topic", bounded(group.topic()))
                .put("originTopic", bounded(group.originTopic()))
                .put("consumerGroup", bounded(group.consumerGroup()))
                .put("convention", bounded(group.convention()))
                .put("firstSeenAt", Times.rfc3339(group.firstSeenAt()))
                .put("link", links.page("/failure-groups/" + group.id()))
                .put(
                        "commands",
                        JsonArray.of(
                                links.curl("/failure-groups/" + group.id()),
                                links.curl("/dead-letters?failureGroup=" + group.id() + "&status=open")));
    }

    /** Cut between two code points. */
    static @Nullable String bounded(@Nullable String text) {
        if (text == null || text.length() <= TEXT_CHARS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(TEXT_CHARS - 1)) ? TEXT_CHARS - 1 : TEXT_CHARS;
        return text.substring(0, end) + "…";
    }
}
