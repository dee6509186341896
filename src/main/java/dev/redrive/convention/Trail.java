package dev.redrive.convention;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Links what several conventions found on one record by topic: a hop whose record lay in the topic that another hop
 * wrote to came after it. The hop that nothing came before is the origin, the hop that nothing follows is the latest
 * failure. Position among the headers decides only where topics do not.
 */
record Trail(Hop origin, Hop latest, List<Found> found) {

    /**
     * A sighting, by whom, and where its headers stand; envelopes count as standing behind all headers.
     *
     * @param layer what lay in an envelope came before the envelope, and that before the headers around it: the
     *     outermost is 0, and older ones are less
     */
    record Found(Convention by, Sighting sighting, int first, int last, int layer) {

        /** @param depth in how many envelopes the headers lay */
        static Found on(Evidence evidence, Convention by, Sighting sighting, int depth) {
            Set<String> names = Names.union(by.own(), by.borrowed());
            int last = evidence.lastIndexOf(names);
            return new Found(
                    by,
                    sighting,
                    evidence.firstIndexOf(names),
                    last < 0 ? Integer.MAX_VALUE : last,
                    -2 * depth - (by.wrapsHeaders() ? 1 : 0));
        }
    }

    /** @param found at least one */
    static Trail of(List<Found> found, String deadLetterTopic) {
        List<Found> complete = complete(found, deadLetterTopic);
        Found origin = complete.get(0);
        Found latest = complete.get(0);
        for (Found other : complete.subList(1, complete.size())) {
            if (began(origin, other, deadLetterTopic)) {
                origin = other;
            }
            if (ended(other, latest, deadLetterTopic)) {
                latest = other;
            }
        }
        return new Trail(origin.sighting().oldest(), latest.sighting().newest(), complete);
    }

    private static List<Found> complete(List<Found> found, String deadLetterTopic) {
        Set<String> topics = new LinkedHashSet<>();
        topics.add(deadLetterTopic);
        found.forEach(one -> one.sighting().hops().forEach(hop -> {
            if (hop.topic() != null) {
                topics.add(hop.topic());
            }
        }));
        var complete = new ArrayList<Found>();
        for (Found one : found) {
            Sighting sighting = one.sighting();
            List<Hop> hops = sighting.hops().stream()
                    .map(hop -> hop.topic() == null ? hop : one.by().complete(hop, topics))
                    .toList();
            complete.add(new Found(
                    one.by(),
                    new Sighting(hops, sighting.payload(), sighting.replay(), sighting.unwrapped()),
                    one.first(),
                    one.last(),
                    one.layer()));
        }
        return complete;
    }

    /** Whether the first hop of a came after the first of b. */
    private static boolean began(Found a, Found b, String deadLetterTopic) {
        boolean stands = a.by().prepends() && b.by().prepends() ? a.last() < b.last() : a.first() > b.first();
        return isLater(a, a.sighting().oldest(), b, b.sighting().oldest(), stands, deadLetterTopic);
    }

    /** Whether the last hop of a came after the last of b. */
    private static boolean ended(Found a, Found b, String deadLetterTopic) {
        boolean stands = a.by().prepends() && b.by().prepends() ? a.first() < b.first() : a.last() > b.last();
        return isLater(a, a.sighting().newest(), b, b.sighting().newest(), stands, deadLetterTopic);
    }

    private static boolean isLater(Found a, Hop x, Found b, Hop y, boolean stands, String deadLetterTopic) {
        if (a.layer() != b.layer()) {
            return a.layer() > b.layer();
        }
        boolean follows = wroteTo(y, x.topic());
        if (follows != wroteTo(x, y.topic())) {
            return follows;
        }
        boolean alike = a.by().prepends() == b.by().prepends();
        if (alike && a.by().keepsOrder() && b.by().keepsOrder()) {
            return stands;
        }
        if (x.topic() != null && y.topic() != null && hints(x.topic()) != hints(y.topic())) {
            return hints(x.topic());
        }
        boolean last = wroteTo(x, deadLetterTopic);
        if (last != wroteTo(y, deadLetterTopic)) {
            return last;
        }
        return alike ? stands : prependedLater(a, b);
    }

    /** Whether the name is one that a framework gives to the dead letters of the hop's topic. */
    private static boolean wroteTo(Hop hop, @Nullable String topic) {
        if (topic == null) {
            return false;
        }
        String from = hop.topic();
        if (from != null && isNameOfItsLetters(topic, from)) {
            return true;
        }
        boolean later = from != null && isNameOfItsLetters(from, topic);
        return hop.convention().equals(SmallRye.ID) && SmallRye.isItsTopic(topic) && !later;
    }

    private static boolean isNameOfItsLetters(String topic, String from) {
        return from.equals(TopicName.judge(topic, Set.of(from)).originTopic())
                || DeadLetterNames.stripped(topic).contains(from);
    }

    private static boolean hints(String topic) {
        return TopicName.judge(topic, Set.of()).hints();
    }

    /** What is prepended after what is appended stands before it; the other way round looks the same. */
    private static boolean prependedLater(Found a, Found b) {
        return a.by().prepends() ? a.first() < b.first() : b.first() > a.first();
    }
}
