internal import Core
internal import Crypto
internal import Foundation
internal import Storage

/// What a caller shows to go on with a conversation on a line that says nothing of who calls: the conversation's id, signed.
///
/// The id alone opens nothing: it stands in logs and listings. Valid as long as the conversation can be gone on with.
struct ResumptionTickets: Sendable {
  private let key: SymmetricKey

  init(_ master: MasterKey) { key = SymmetricKey(data: master.derived(for: "resumption tickets")) }

  /// Letters, digits and one hyphen: it can stand in a URI.
  func ticket(for conversation: ConversationID) -> String {
    let signature = HMAC<SHA256>.authenticationCode(for: Data(conversation.rawValue.utf8), using: key)
    return conversation.rawValue + "-" + signature.prefix(Self.length).map { String(format: "%02x", $0) }.joined()
  }

  /// The conversation of a ticket that was made here; nil for any other text.
  func conversation(of ticket: String) -> ConversationID? {
    guard let hyphen = ticket.lastIndex(of: "-") else { return nil }
    let conversation = ConversationID(String(ticket[..<hyphen]))
    let wanted = self.ticket(for: conversation)
    // Every octet is compared, so that time tells nothing.
    guard ticket.utf8.count == wanted.utf8.count,
      zip(ticket.utf8, wanted.utf8).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0
    else { return nil }
    return conversation
  }

  /// Octets of a signature that are shown.
  private static let length = 16
}
