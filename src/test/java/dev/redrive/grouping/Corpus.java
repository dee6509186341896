package dev.redrive.grouping;

import static java.util.Objects.requireNonNull;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Reading;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Real stack traces, each with a label that names its root cause; see docs/grouping.md. */
final class Corpus {

    /** @param half of {@code more.json}: whether the rules were tuned on the sample; empty in {@code corpus.json} */
    record Sample(String label, String half, Reading reading) {

        String key() {
            return Fingerprinter.of("some-dlt", reading).hash().toString("ISO-8859-1");
        }
    }

    /** Pairwise over all samples. */
    record Score(double precision, double recall) {}

    private Corpus() {}

    static List<Sample> samples() {
        return samples("corpus.json");
    }

    /** Failures of other programs than those of the corpus, with the same rules of labelling. */
    static List<Sample> more() {
        return samples("more.json");
    }

    /** Written after the rules alone, in shapes that neither of the others has; many pairs are near misses. */
    static List<Sample> unseen() {
        return samples("unseen.json");
    }

    /** Written as {@link #unseen()} was, of other frameworks and of messages alone; the rules were mended on both. */
    static List<Sample> frameworks() {
        return samples("frameworks.json");
    }

    /** Written as {@link #unseen()} was, mostly messages of ordinary applications, drivers, clouds and decoders. */
    static List<Sample> wild() {
        return samples("wild.json");
    }

    static List<Sample> samples(String name) {
        return read(name).stream()
                .map(JsonObject.class::cast)
                .map(Corpus::sample)
                .toList();
    }

    private static JsonArray read(String name) {
        try (var in = requireNonNull(Corpus.class.getResourceAsStream("/grouping/" + name), name)) {
            return new JsonArray(Buffer.buffer(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Sample sample(JsonObject json) {
        var origin = new Origin(json.getString("originTopic"), null, null, null, json.getString("consumerGroup"), null);
        var failure = new Failure(
                json.getString("exceptionClass"),
                json.getString("causeClass"),
                json.getString("message"),
                json.getString("stackTrace"),
                null);
        return new Sample(json.getString("label"), json.getString("half", ""), Readings.of(origin, failure));
    }

    static Score score(List<Sample> samples) {
        var groups = counts(samples, Sample::key);
        var labels = counts(samples, Sample::label);
        var both = counts(samples, sample -> sample.key() + sample.label());
        double together = pairs(both);
        return new Score(together / pairs(groups), together / pairs(labels));
    }

    private static Map<String, Long> counts(List<Sample> samples, Function<Sample, String> key) {
        var counts = new HashMap<String, Long>();
        samples.forEach(sample -> counts.merge(key.apply(sample), 1L, Long::sum));
        return counts;
    }

    private static double pairs(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(n -> n * (n - 1) / 2).sum();
    }

    /** Near misses of which no sample of the one label shares a group with a sample of the other. */
    static List<String> mergedNearMisses(List<Sample> samples, String pairs) {
        var keys = new HashMap<String, Set<String>>();
        samples.forEach(sample ->
                keys.computeIfAbsent(sample.label(), label -> new HashSet<>()).add(sample.key()));
        return read(pairs).stream()
                .map(JsonObject.class::cast)
                .filter(pair -> !Collections.disjoint(
                        keys.getOrDefault(pair.getString("a"), Set.of()),
                        keys.getOrDefault(pair.getString("b"), Set.of())))
                .map(pair -> pair.getString("a") + " and " + pair.getString("b"))
                .toList();
    }
}
