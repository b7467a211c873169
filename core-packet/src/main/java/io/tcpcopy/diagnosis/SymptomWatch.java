package io.tcpcopy.diagnosis;

import static java.util.stream.Collectors.toCollection;

import io.tcpcopy.metrics.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells the operator of symptoms that last: each after ten seconds, then once a minute while it goes on, and once that it is over.
 */
public final class SymptomWatch {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long REPEAT_NS = TimeUnit.MINUTES.toNanos(1);

    private final List<Course> courses;
    private final Consumer<Finding> warnings;
    private final Consumer<Finding> allClears;
    private MetricSnapshot previous;

    /** How one symptom goes on. */
    private static final class Course {
        private final Symptom symptom;
        private boolean broken;
        private long sinceNs;
        private boolean told;
        private long toldNs;
        /** What was told last, or would be. */
        private Finding finding;

        Course(Symptom symptom) {
            this.symptom = symptom;
        }
    }

    /**
     * Watches symptoms, from numbers on that stand at their beginning.
     *
     * @param warnings hears of those that last
     * @param allClears hears of those that are over
     */
    public SymptomWatch(
            List<Symptom> symptoms, MetricSnapshot beginning, Consumer<Finding> warnings, Consumer<Finding> allClears) {
        courses = symptoms.stream().map(Course::new).collect(toCollection(ArrayList::new));
        previous = beginning;
        this.warnings = warnings;
        this.allClears = allClears;
    }

    /** Looks at the numbers again: every few seconds. */
    public void look(MetricSnapshot snapshot, long nowNs) {
        MetricSnapshot lately = snapshot.since(previous);
        previous = snapshot;
        for (Course course : courses) {
            switch (course.symptom.state().apply(lately)) {
                case WORKS -> works(course);
                case BROKEN -> broken(course, lately, nowNs);
                case UNKNOWN -> tell(course, nowNs);
            }
        }
    }

    private void works(Course course) {
        if (course.told) {
            allClears.accept(Finding.ok(
                    course.symptom.code(),
                    "it is over: " + course.symptom.code().title()));
        }
        course.broken = false;
        course.told = false;
    }

    private void broken(Course course, MetricSnapshot lately, long nowNs) {
        if (!course.broken) {
            course.broken = true;
            course.sinceNs = nowNs;
        }
        course.finding =
                Finding.warning(course.symptom.code(), course.symptom.seen().apply(lately), course.symptom.remedy());
        tell(course, nowNs);
    }

    private void tell(Course course, long nowNs) {
        boolean due = course.told ? nowNs - course.toldNs >= REPEAT_NS : nowNs - course.sinceNs >= PATIENCE_NS;
        if (course.broken && due) {
            course.told = true;
            course.toldNs = nowNs;
            warnings.accept(course.finding);
        }
    }

    /** What goes on at present, for long enough to have been told. */
    public List<Finding> findings() {
        return courses.stream()
                .filter(course -> course.told)
                .map(course -> course.finding)
                .toList();
    }
}
