package io.tcpcopy.tcpcopy.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How often behaviours and faults occurred. */
final class Coverage {
    private final Map<Behaviour, Long> behaviours = new EnumMap<>(Behaviour.class);
    private final Map<Figure, Long> figures = new EnumMap<>(Figure.class);

    void count(Behaviour behaviour) {
        behaviours.merge(behaviour, 1L, Long::sum);
    }

    void count(Figure figure) {
        count(figure, 1);
    }

    void count(Figure figure, long number) {
        figures.merge(figure, number, Long::sum);
    }

    long of(Behaviour behaviour) {
        return behaviours.getOrDefault(behaviour, 0L);
    }

    long of(Figure figure) {
        return figures.getOrDefault(figure, 0L);
    }

    void add(Coverage other) {
        other.behaviours.forEach((behaviour, number) -> behaviours.merge(behaviour, number, Long::sum));
        other.figures.forEach((figure, number) -> figures.merge(figure, number, Long::sum));
    }

    /** One short summary. */
    @Override
    public String toString() {
        return "%s%nbehaviours: %s"
                .formatted(
                        Stream.of(Figure.values())
                                .map(figure -> of(figure) + " " + figure.label())
                                .collect(Collectors.joining(", ")),
                        Stream.of(Behaviour.values())
                                .map(behaviour -> of(behaviour) + " " + behaviour.label())
                                .collect(Collectors.joining(", ")));
    }
}
