internal import Core
internal import Crypto
internal import Foundation
internal import Storage

/// What a caller shows to go on with a conversation on a line that says nothing of who calls: the conversation's id and how often
/// lines have joined it, signed.
///
/// The id alone opens nothing: it stands in logs and listings. A ticket opens once: whoever joins, by keyboard or telephone, makes
/// every ticket of before void, and who has the data folder can have a new one (`chat --resume` shows it when it leaves,
/// `calls ID --ticket`). A line that is lost before it is answered has not joined.
struct ResumptionTickets: Sendable {
  private let key: SymmetricKey

  init(_ master: MasterKey) { key = SymmetricKey(data: master.derived(for: "resumption tickets")) }

  /// Letters, digits and hyphens: it can stand in a URI.
  func ticket(for conversation: ConversationID, attachments: Int) -> String {
    let named = "\(conversation.rawValue)-\(attachments)"
    let signature = HMAC<SHA256>.authenticationCode(for: Data(named.utf8), using: key)
    return named + "-" + signature.prefix(Self.length).map { String(format: "%02x", $0) }.joined()
  }

  /// What a ticket that was made here opens; nil for any other text.
  func opened(by ticket: String) -> (conversation: ConversationID, attachments: Int)? {
    let parts = ticket.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, let attachments = Int(parts[parts.count - 2]), attachments >= 0 else { return nil }
    let conversation = ConversationID(parts.dropLast(2).joined(separator: "-"))
    let wanted = self.ticket(for: conversation, attachments: attachments)
    // Every octet is compared, so that time tells nothing.
    guard ticket.utf8.count == wanted.utf8.count,
      zip(ticket.utf8, wanted.utf8).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0
    else { return nil }
    return (conversation, attachments)
  }

  /// Octets of a signature that are shown.
  private static let length = 16
}
