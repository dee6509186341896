package dev.redrive.job;

import dev.redrive.filter.Filter;
import dev.redrive.filter.FilterException;
import dev.redrive.filter.FilterParser;
import dev.redrive.filter.FilterText;
import dev.redrive.filter.FrozenFilter;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Freezes what is meant before anything is done with it. */
final class SelectionRoutes implements Routes {

    private static final String PATH = "/api/v1/selections/";

    private final SelectionStore store;

    SelectionRoutes(SelectionStore store) {
        this.store = store;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("createSelection").addHandler(Call.answering(this::create));
        routes.getRoute("getSelection").addHandler(Call.answering(this::get));
        routes.getRoute("extendSelection").addHandler(Call.answering(this::extend));
        routes.getRoute("dropSelection").addHandler(Call.answering(this::drop));
    }

    /** @param q as it is shown; @param ids null where the filter decides */
    private record Ask(String q, Filter filter, @Nullable List<Long> ids) {}

    private Future<Reply> create(Call call) {
        var ask = ask(call.body());
        return SelectionStore.mark(store.pool()).compose(mark -> {
            var frozen = FrozenFilter.of(ask.filter(), mark.frozenAt().toInstant());
            var scope = new Scope(
                    ask.q(),
                    FilterText.of(frozen),
                    ask.ids(),
                    call.actor(),
                    mark.watermark(),
                    mark.frozenAt(),
                    mark.snapshot());
            return SelectionStore.count(store.pool(), scope)
                    .recover(SelectionRoutes::refused)
                    .compose(tally -> SelectionStore.sight(store.pool(), scope)
                            .compose(sight -> store.keep(scope, tally)
                                    .map(selection -> new Reply(201, json(selection, tally, sight), Map.of())
                                            .with("Location", PATH + selection.id()))));
        });
    }

    private static JsonObject json(SelectionStore.Selection selection, Tally tally, Sight sight) {
        return JobJson.of(selection)
                .mergeIn(JobJson.tally(tally))
                .mergeIn(sight.toJson())
                .put("count", JobJson.count(tally.letters(), tally.isExact()));
    }

    private static Future<Tally> refused(Throwable failure) {
        return Future.failedFuture(failure instanceof FilterException invalid ? invalid(invalid) : failure);
    }

    private static RefusedException invalid(FilterException invalid) {
        return new RefusedException(
                ProblemCode.QUERY_INVALID, String.valueOf(invalid.getMessage()), new JsonObject(invalid.place()));
    }

    private static Ask ask(JsonObject body) {
        if (Stream.of("q", "ids", "failureGroupId").filter(body::containsKey).count() != 1) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "", "Say one of q, ids and failureGroupId");
        }
        if (body.containsKey("ids")) {
            var ids = body.getJsonArray("ids").stream()
                    .map(id -> Long.valueOf(id.toString()))
                    .distinct()
                    .sorted(Comparator.reverseOrder())
                    .toList();
            return new Ask(ids.size() + " letters by hand", new Filter.All(), ids);
        }
        var q = body.containsKey("q") ? body.getString("q") : "group:" + body.getString("failureGroupId");
        try {
            return new Ask(q, FilterParser.parse(q), null);
        } catch (FilterException invalid) {
            throw invalid(invalid);
        }
    }

    private Future<Reply> get(Call call) {
        var id = UUID.fromString(call.pathParameter("id"));
        return store.find(store.pool(), id)
                .map(found -> current(found, id))
                .compose(selection -> SelectionStore.count(store.pool(), selection.scope())
                        .compose(tally -> SelectionStore.sight(store.pool(), selection.scope())
                                .map(sight -> Reply.ok(json(selection, tally, sight)))));
    }

    /** @throws RefusedException where it is not there, or no longer */
    static SelectionStore.Selection current(Optional<SelectionStore.Selection> found, UUID id) {
        var selection = found.orElseThrow(() -> RefusedException.notFound("There is no selection " + id));
        if (selection.expired()) {
            throw new RefusedException(ProblemCode.SELECTION_EXPIRED, "Select again; a selection lasts 15 minutes");
        }
        return selection;
    }

    private Future<Reply> extend(Call call) {
        var id = UUID.fromString(call.pathParameter("id"));
        return store.extend(id)
                .compose(extended -> extended.isPresent()
                        ? Future.succeededFuture(Reply.ok(JobJson.of(extended.get())))
                        : store.find(store.pool(), id).map(found -> Reply.ok(JobJson.of(current(found, id)))));
    }

    private Future<Reply> drop(Call call) {
        var id = UUID.fromString(call.pathParameter("id"));
        return store.drop(id).map(dropped -> {
            if (!dropped) {
                throw RefusedException.notFound("There is no selection " + id);
            }
            return Reply.noContent();
        });
    }
}
