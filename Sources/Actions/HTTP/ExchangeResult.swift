import FoundationEssentials

/// How one request went.
enum ExchangeResult: Sendable {
  /// A whole answer.
  case answered(HTTPAnswer)
  /// An answer whose body is longer than allowed.
  case tooLarge
  /// It surely never left: no place came free, or no connection came about.
  case notSent(String)
  /// The connection ended without a whole answer; the request may have been read.
  case lost(String)
  /// No whole answer in time; the request may have been read.
  case timedOut
}

/// An answer as it came.
struct HTTPAnswer: Sendable {
  let status: Int
  /// Empty when it is coded.
  let body: Data
  /// `text/html` and the like, in lower case and without parameters; nil when the answer does not say.
  var mediaType: String?
  /// The coding of the body, such as `gzip`, that was not asked for and is not read; nil for a plain one.
  var coding: String?
}
