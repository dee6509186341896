package dev.redrive.convention;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What several conventions found on one record, as one way of the record: the hop that nothing came before is the
 * origin, the hop that nothing follows is the latest failure. {@link Order} tells what came before what.
 */
record Trail(Hop origin, Hop latest, List<Found> found) {

    /**
     * A sighting, by whom, and where its headers stand; envelopes count as standing behind all headers.
     *
     * @param end where it set its last mark behind all that was on the record, -1 where it does not
     * @param layer what lay in an envelope came before the envelope, and that before the headers around it: the
     *     outermost is 0, and older ones are less
     */
    record Found(Convention by, Sighting sighting, int first, int last, int end, int layer) {

        /** @param depth in how many envelopes the headers lay */
        static Found on(Evidence evidence, Convention by, Sighting sighting, int depth) {
            Set<String> names = Names.without(Names.union(by.own(), by.borrowed()), by.trailers());
            int last = evidence.lastIndexOf(names);
            return new Found(
                    by,
                    sighting,
                    evidence.firstIndexOf(names),
                    last < 0 ? Integer.MAX_VALUE : last,
                    evidence.lastIndexOf(by.trailers()),
                    -2 * depth - (by.wrapsHeaders() ? 1 : 0));
        }

        boolean isMarked() {
            return end >= 0;
        }

        /** Where its oldest headers stand among those that were appended. */
        int begun() {
            return isMarked() ? end : first;
        }

        /** Where its newest headers stand among those that were appended. */
        int ended() {
            return isMarked() ? end : last;
        }
    }

    /** @param found at least one */
    static Trail of(List<Found> found, String deadLetterTopic) {
        List<Found> complete = complete(found, deadLetterTopic);
        Found origin = Order.ofOldest(complete, deadLetterTopic).first();
        Found latest = Order.ofNewest(complete, deadLetterTopic).last();
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
                    one.end(),
                    one.layer()));
        }
        return complete;
    }
}
