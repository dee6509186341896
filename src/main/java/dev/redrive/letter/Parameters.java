package dev.redrive.letter;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The values of one statement. Whatever a caller wrote goes in here and never into the text of the statement. */
final class Parameters {

    private final List<Object> values = new ArrayList<>();

    /** @return the place of the value in the statement, such as {@code $3} */
    String bind(Object value) {
        values.add(value);
        return "$" + values.size();
    }

    Tuple tuple() {
        var tuple = Tuple.tuple();
        values.forEach(tuple::addValue);
        return tuple;
    }
}
