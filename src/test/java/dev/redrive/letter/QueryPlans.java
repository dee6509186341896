package dev.redrive.letter;

import dev.redrive.Settings;
import dev.redrive.filter.FilterParser;
import dev.redrive.postgres.Database;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Postgres does for a page of a filter: every statement the product sends, explained with its own values. */
public final class QueryPlans {

    /** The last statement of every page is the same. */
    private static final String SUMMARIES = "FROM unnest($1::bigint[]) AS found (letter_id)";

    private static final Pattern NOISE =
            Pattern.compile("Storage: Memory|Index Searches|Sort Method|Buckets:|^Planning:|Heap Blocks|Recheck Cond");

    private final Pool pool;
    private final List<String> statements = new ArrayList<>();
    private final List<Tuple> values = new ArrayList<>();

    private QueryPlans(Pool pool) {
        this.pool = pool;
    }

    /** @param filters by name; @return Markdown */
    public static String of(Settings.Database settings, Map<String, String> filters) throws Exception {
        var vertx = Vertx.vertx();
        try {
            var database = new Database(settings);
            var page = new StringBuilder("""
                    # Statements and their plans

                    Written by `TriageBenchmark` over a million letters; do not edit. For each filter the statements of its
                    first page but the last, which reads 51 rows by their ids, with `EXPLAIN (ANALYZE, BUFFERS)` after one run to warm up. Times move with the machine.
                    """);
            for (var filter : filters.entrySet()) {
                page.append("\n## %s\n\nFilter: `%s`\n".formatted(filter.getKey(), filter.getValue()));
                var plans = new QueryPlans(database.openForSearching(vertx));
                plans.record(filter.getValue());
                page.append(plans.explained());
            }
            return page.toString();
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
    }

    private void record(String q) throws Exception {
        var spied = (Pool) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Pool.class}, (proxy, method, arguments) -> {
                    try {
                        var result = method.invoke(pool, arguments);
                        return method.getName().equals("preparedQuery")
                                ? spied((String) arguments[0], (PreparedQuery<?>) result)
                                : result;
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
        var scope = new LetterScope(FilterParser.parse(q), Instant.now(), "ana");
        new LetterSearch(spied, spied).page(scope, Long.MAX_VALUE, 51).await(30, TimeUnit.SECONDS);
    }

    private Object spied(String sql, PreparedQuery<?> query) {
        return Proxy.newProxyInstance(
                PreparedQuery.class.getClassLoader(),
                new Class<?>[] {PreparedQuery.class},
                (proxy, method, arguments) -> {
                    // Windows of one search are the same statement again.
                    if (method.getName().equals("execute") && !statements.contains(sql) && !sql.contains(SUMMARIES)) {
                        statements.add(sql);
                        values.add(arguments == null ? Tuple.tuple() : (Tuple) arguments[0]);
                    }
                    return method.invoke(query, arguments);
                });
    }

    private String explained() throws Exception {
        var text = new StringBuilder();
        for (int i = 0; i < statements.size(); i++) {
            var explain = "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, SUMMARY ON) " + statements.get(i);
            RowSet<Row> plan =
                    pool.preparedQuery(explain).execute(values.get(i)).await(30, TimeUnit.SECONDS);
            text.append("\n```sql\n").append(statements.get(i)).append("\n```\n\n```\n");
            text.append(plan.stream()
                    .map(row -> row.getString(0))
                    .filter(line -> !NOISE.matcher(line).find())
                    .collect(Collectors.joining("\n")));
            text.append("\n```\n");
        }
        return text.toString();
    }
}
