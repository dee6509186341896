package dev.redrive.grouping;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.filter.FilterException;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;

/** The rules that name failure groups: read, written and tried as one list. */
public final class LabelRuleRoutes implements Routes {

    private static final String PATH = "/api/v1/settings/labels";

    private final Pool pool;
    private final Pool reading;
    private final AuditStore audit;

    /** @param reading with a short statement timeout */
    public LabelRuleRoutes(Pool pool, Pool reading, AuditStore audit) {
        this.pool = pool;
        this.reading = reading;
        this.audit = audit;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("getLabelRules").addHandler(Call.answering(call -> read()));
        routes.getRoute("putLabelRules").addHandler(Call.answering(this::write));
        routes.getRoute("previewLabelRules").addHandler(Call.answering(this::preview));
    }

    private Future<Reply> read() {
        return LabelRuleStore.read(pool)
                .map(rules -> Reply.ok(new JsonObject()
                                .put("rules", json(rules.rules()))
                                .put("author", rules.author())
                                .put("updatedAt", Times.rfc3339(rules.updatedAt())))
                        .withVersion(rules.version()));
    }

    private static JsonArray json(List<LabelRule> rules) {
        return new JsonArray(rules.stream()
                .map(rule -> new JsonObject().put("q", rule.q()).put("label", rule.label()))
                .toList());
    }

    /** The rules and every label that follows from them are there when the answer is. */
    private Future<Reply> write(Call call) {
        call.requireMatch();
        var rules = rules(call);
        return pool.withTransaction(connection -> LabelRuleStore.hold(connection)
                        .compose(before -> {
                            call.checkMatch(before.version());
                            return LabelRuleStore.write(connection, rules, call.actor())
                                    .compose(version -> LabelRuleStore.nameAll(connection, rules))
                                    .compose(named -> record(connection, call, before.rules(), rules, named));
                        }))
                .compose(written -> read());
    }

    private Future<Void> record(
            SqlConnection connection, Call call, List<LabelRule> before, List<LabelRule> rules, int named) {
        var details = new JsonObject()
                .put("rules", json(rules))
                .put("before", json(before))
                .put("groups", named);
        return audit.record(
                connection,
                new AuditEvent(call.actor(), "label-rules-changed", null, PATH, null, details, call.requestId()));
    }

    private Future<Reply> preview(Call call) {
        return LabelRuleStore.preview(reading, rules(call))
                .map(preview -> Reply.ok(new JsonObject()
                        .put(
                                "items",
                                new JsonArray(preview.groups().stream()
                                        .map(groups -> new JsonObject().put("groups", groups))
                                        .toList()))
                        .put("unnamed", preview.unnamed())
                        .put("written", preview.written())));
    }

    private static List<LabelRule> rules(Call call) {
        var given = call.body().getJsonArray("rules");
        var rules = new ArrayList<LabelRule>();
        for (int i = 0; i < given.size(); i++) {
            var rule = given.getJsonObject(i);
            rules.add(new LabelRule(q(rule.getString("q"), i), label(rule.getString("label"), i)));
        }
        return rules;
    }

    private static String label(String given, int at) {
        if (given.isBlank() || given.chars().anyMatch(Character::isISOControl)) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED,
                    "/rules/" + at + "/label",
                    "A label of 1 to 100 characters, without control characters");
        }
        return given.strip();
    }

    private static String q(String given, int at) {
        var pointer = "/rules/" + at + "/q";
        if (given.isBlank() || given.indexOf('\0') >= 0) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED,
                    pointer,
                    "A filter without NUL; one without terms would name every group");
        }
        try {
            GroupFilter.facts(given, new ArrayList<>());
            return given.strip();
        } catch (FilterException invalid) {
            var error = new JsonObject().put("pointer", pointer).put("detail", invalid.getMessage());
            throw new RefusedException(
                    ProblemCode.QUERY_INVALID,
                    "Rule " + (at + 1) + ": " + invalid.getMessage(),
                    new JsonObject(invalid.place()).put("errors", new JsonArray().add(error)));
        }
    }
}
