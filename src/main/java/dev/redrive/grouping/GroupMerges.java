package dev.redrive.grouping;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.filter.FilterException;
import dev.redrive.grouping.GroupMergeStore.Held;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.job.JobOrders;
import dev.redrive.job.JobOrders.Wanted;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which groups are one from the commit on, and orders the job that brings the letters of before. While it decides,
 * nobody stores letters of the groups: what is stored before is seen by the job, what is stored later sees the decision.
 */
final class GroupMerges {

    private static final int MOST_SPLITS = 20;

    private final AuditStore audit;
    private final JobOrders jobs;

    GroupMerges(AuditStore audit, JobOrders jobs) {
        this.audit = audit;
        this.jobs = jobs;
    }

    Future<Reply> merge(SqlConnection connection, Call call) {
        long survivor = call.id();
        var ids = MoveWork.ids(call.body().getJsonArray("ids"));
        if (ids.contains(survivor)) {
            throw unprocessable("/ids/" + ids.indexOf(survivor), "A group cannot be merged into itself");
        }
        return hold(connection, call, ids).compose(held -> {
            for (var id : ids) {
                checkMergeable(ids.indexOf(id), id, held.get(id), survivor);
            }
            var merged = ids.stream().map(held::get).toList();
            long letters = merged.stream().mapToLong(Held::letters).sum();
            String q = "group:" + ids.stream().map(String::valueOf).collect(Collectors.joining(","));
            var options = new JsonObject().put("groups", MoveWork.texts(ids)).put("into", Long.toString(survivor));
            var wanted = new Wanted(MoveWork.MERGE.type(), options, q, reason(call, "Merged"), letters, true);
            return GroupMergeStore.merge(connection, ids, survivor)
                    .compose(done -> GroupMergeStore.touch(connection, survivor))
                    .compose(touched -> jobs.order(connection, call, wanted))
                    .compose(ordered -> told(connection, call, "group-merged", held, merged, ordered));
        });
    }

    private static void checkMergeable(int at, long id, @Nullable Held group, long survivor) {
        if (group == null) {
            throw unprocessable("/ids/" + at, "There is no failure group " + id);
        }
        var into = group.mergedInto();
        if (into != null && into != survivor) {
            throw RefusedException.conflict(
                    "Failure group " + id + " was merged into " + into + "; merge that one, or split it off first",
                    List.of());
        }
    }

    Future<Reply> split(SqlConnection connection, Call call) {
        var body = call.body();
        if (body.containsKey("groups") == body.containsKey("q")) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "", "Say one of groups, which come out again, and q");
        }
        return body.containsKey("q")
                ? splitBy(connection, call, rule(body.getString("q")))
                : takeOut(connection, call, MoveWork.ids(body.getJsonArray("groups")));
    }

    private Future<Reply> takeOut(SqlConnection connection, Call call, List<Long> ids) {
        long survivor = call.id();
        return hold(connection, call, ids).compose(held -> {
            for (var id : ids) {
                var group = held.get(id);
                if (group == null || !Long.valueOf(survivor).equals(group.mergedInto())) {
                    throw unprocessable(
                            "/groups/" + ids.indexOf(id), "Failure group " + id + " was not merged into " + survivor);
                }
            }
            var out = ids.stream().map(held::get).toList();
            return GroupMergeStore.split(connection, ids, survivor)
                    .compose(all -> GroupMergeStore.touch(connection, survivor)
                            .compose(touched -> GroupMergeStore.away(connection, all))
                            .map(letters -> new Wanted(
                                    MoveWork.SPLIT.type(),
                                    new JsonObject().put("groups", MoveWork.texts(all)),
                                    "group:" + survivor,
                                    reason(call, "Split off"),
                                    letters,
                                    true)))
                    .compose(wanted -> jobs.order(connection, call, wanted))
                    .compose(ordered -> told(connection, call, "group-split-off", held, out, ordered));
        });
    }

    private static SplitRule rule(String q) {
        if (q.indexOf('\0') >= 0) {
            throw RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, "/q", "A filter holds no NUL");
        }
        try {
            return SplitRule.of(q);
        } catch (FilterException invalid) {
            throw new RefusedException(
                    ProblemCode.QUERY_INVALID, String.valueOf(invalid.getMessage()), new JsonObject(invalid.place()));
        }
    }

    /** What fits goes to a new group, which nobody is alerted of, as it is not new. */
    private Future<Reply> splitBy(SqlConnection connection, Call call, SplitRule rule) {
        long source = call.id();
        var title = text(call, "title");
        return hold(connection, call, List.of())
                .compose(held -> {
                    var group = held.get(source);
                    if (group != null && group.splitOff()) {
                        throw RefusedException.conflict(
                                "It was split off itself; split the group that it came from", List.of());
                    }
                    return SplitRuleStore.count(connection, source);
                })
                .compose(rules -> {
                    if (rules >= MOST_SPLITS) {
                        throw unprocessable("/q", "A group has at most " + MOST_SPLITS + " splits");
                    }
                    return SplitRuleStore.create(connection, source, title.isEmpty() ? null : title, rule);
                })
                .compose(target -> SplitRuleStore.add(connection, source, target, rule, call.actor())
                        .compose(from -> GroupMergeStore.touch(connection, source)
                                .compose(touched -> jobs.order(connection, call, wanted(call, rule, target, from))))
                        .compose(ordered -> toldSplit(connection, call, rule, target, ordered)));
    }

    private static Wanted wanted(Call call, SplitRule rule, long target, List<Long> from) {
        var options = new JsonObject()
                .put("into", Long.toString(target))
                .put("from", MoveWork.texts(from))
                .put("by", rule.q());
        String q = "group:" + call.id() + " " + rule.q();
        return new Wanted(MoveWork.SPLIT.type(), options, q, reason(call, "Split by " + rule.q()), 0, false);
    }

    private Future<Reply> toldSplit(SqlConnection connection, Call call, SplitRule rule, long target, Reply ordered) {
        var details = new JsonObject().put("q", rule.q()).put("job", job(ordered));
        var off = details.copy().put("to", GroupHistory.group(target, rule.q()));
        var from = details.copy().put("from", new JsonArray().add(GroupHistory.group(call.id(), "")));
        return audit.recordAll(
                        connection,
                        List.of(
                                event(call, "group-split", call.id(), off),
                                event(call, "group-made-by-split", target, from)))
                .compose(recorded -> GroupMergeStore.tell(connection, List.of(call.id(), target)))
                .map(told -> ordered);
    }

    /** Held, the named one there, not merged away, and as the caller saw it. */
    private static Future<Map<Long, Held>> hold(SqlConnection connection, Call call, List<Long> ids) {
        var all = new ArrayList<>(ids);
        all.add(call.id());
        return GroupMergeStore.hold(connection, all).map(held -> {
            var group = held.get(call.id());
            if (group == null) {
                throw GroupTriageRoutes.absent(call);
            }
            if (group.mergedInto() != null) {
                throw RefusedException.conflict("It was merged into failure group " + group.mergedInto(), List.of());
            }
            call.checkMatch(group.version());
            return held;
        });
    }

    private Future<Reply> told(
            SqlConnection connection,
            Call call,
            String action,
            Map<Long, Held> held,
            List<Held> groups,
            Reply ordered) {
        var survivor = held.get(call.id());
        var events = new ArrayList<AuditEvent>();
        events.add(event(call, action, call.id(), GroupHistory.groups(groups, job(ordered))));
        for (var group : groups) {
            var other = GroupHistory.group(call.id(), survivor == null ? "" : survivor.title());
            var details = new JsonObject()
                    .put(action.equals("group-merged") ? "into" : "out", other)
                    .put("job", job(ordered));
            events.add(event(call, action, group.id(), details));
        }
        return audit.recordAll(connection, events)
                .compose(recorded -> GroupMergeStore.tell(connection, List.copyOf(held.keySet())))
                .map(told -> ordered);
    }

    private static String job(Reply ordered) {
        var body = ordered.body();
        return body == null ? "" : body.getString("id");
    }

    private static AuditEvent event(Call call, String action, long group, JsonObject details) {
        return new AuditEvent(
                call.actor(),
                action,
                null,
                GroupTriageRoutes.pathOf(group),
                text(call, "reason").isEmpty() ? null : text(call, "reason"),
                details,
                call.requestId());
    }

    private static String reason(Call call, String absent) {
        var reason = text(call, "reason");
        return reason.isEmpty() ? absent.substring(0, Math.min(absent.length(), 2_000)) : reason;
    }

    private static String text(Call call, String field) {
        var text = call.body().getString(field, "").strip();
        if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n')) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "/" + field, "A text without control characters");
        }
        return text;
    }

    private static RefusedException unprocessable(String pointer, String detail) {
        return RefusedException.invalidField(ProblemCode.UNPROCESSABLE, pointer, detail);
    }
}
