/// Fakes for every role, virtual time, and what tests of several rooms share.
enum TestSupport {}
