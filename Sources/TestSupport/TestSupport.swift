/// Fakes for every role, and a manual clock.
enum TestSupport {}
