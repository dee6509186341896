package dev.redrive.alert;

import dev.redrive.http.Call;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.time.Clock;

/** Tries a rule on the past before it is kept. */
final class BacktestRoutes implements Routes {

    private static final int MOST_SHOWN = 200;

    /** The queries behind it look no further. */
    private static final int MOST_COUNTED = 1_000;

    private final Backtest backtest;
    private final Clock clock;

    BacktestRoutes(Backtest backtest, Clock clock) {
        this.backtest = backtest;
        this.clock = clock;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("backtestAlertRule").addHandler(Call.answering(this::test));
    }

    private Future<Reply> test(Call call) {
        return backtest.of(AlertRuleJson.read(call.body()), clock.instant()).map(result -> {
            var firings = result.firings();
            var shown = new JsonArray(firings.stream()
                    .limit(MOST_SHOWN)
                    .map(BacktestRoutes::toJson)
                    .toList());
            return Reply.ok(new JsonObject()
                    .put("windowFrom", Times.rfc3339(result.from()))
                    .put("windowTo", Times.rfc3339(result.until()))
                    .put("firings", shown)
                    .put("count", Math.min(firings.size(), MOST_COUNTED))
                    .put("truncated", firings.size() > MOST_SHOWN));
        });
    }

    private static JsonObject toJson(Backtest.Firing firing) {
        var until = firing.until();
        return new JsonObject()
                .put("at", Times.rfc3339(firing.at()))
                .put("until", until == null ? null : Times.rfc3339(until))
                .put("subject", firing.subject().toJson())
                .put("count", firing.count());
    }
}
