package dev.redrive.grouping;

import dev.redrive.job.JobOrder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.Collection;
import java.util.List;

/** What the audit keeps of merges, splits and regroups, so that the page of a group can tell them. */
final class GroupHistory {

    private static final int MOST = 20;

    private GroupHistory() {}

    static JsonObject group(long id, String title) {
        return new JsonObject().put("id", Long.toString(id)).put("title", title);
    }

    static JsonObject groups(Collection<GroupMergeStore.Held> groups, String jobId) {
        var named = groups.stream()
                .limit(MOST)
                .map(group -> group(group.id(), group.title()).put("letters", group.letters()))
                .toList();
        return new JsonObject()
                .put("groups", new JsonArray(named))
                .put("count", groups.size())
                .put("job", jobId);
    }

    /** @param id the group whose history it is */
    static JsonObject moves(JobOrder job, long id, List<Row> moves) {
        var to = new JsonArray();
        var from = new JsonArray();
        for (var move : moves) {
            if (move.getLong("from_id") == id && to.size() < MOST) {
                to.add(group(move.getLong("to_id"), move.getString("to_title"))
                        .put("letters", move.getLong("letters")));
            }
            if (move.getLong("to_id") == id && from.size() < MOST) {
                from.add(group(move.getLong("from_id"), move.getString("from_title"))
                        .put("letters", move.getLong("letters")));
            }
        }
        return new JsonObject()
                .put("to", to)
                .put("from", from)
                .put("fingerprintVersion", job.options().getValue("fingerprintVersion"))
                .put("job", job.id().toString());
    }
}
