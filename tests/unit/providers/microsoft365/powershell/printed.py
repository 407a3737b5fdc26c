"""What cmdlets of Exchange Online print, in list and table form, written down after the documentation of each."""
# ruff: noqa: E501 - printed lines are as wide as they are

SEND_AS_LIST = """
PS C:\\> Get-RecipientPermission -Identity 'info@contoso.com' | Format-List Identity,Trustee,AccessControlType,AccessRights


Identity          : info
Trustee           : NT AUTHORITY\\SELF
AccessControlType : Allow
AccessRights      : {SendAs}

Identity          : info
Trustee           : anna@contoso.com
AccessControlType : Allow
AccessRights      : {SendAs}
"""

SEND_AS_TABLE = """
Identity   Trustee            AccessControlType AccessRights Inherited
--------   -------            ----------------- ------------ ---------
info       NT AUTHORITY\\SELF  Allow             {SendAs}     False
info       anna@contoso.com   Allow             {SendAs}     False
"""

ONLY_SELF = """
Identity          : info
Trustee           : NT AUTHORITY\\SELF
AccessControlType : Allow
AccessRights      : {SendAs}
"""

FULL_ACCESS_LIST = """
Identity     : info
User         : anna@contoso.com
AccessRights : {FullAccess}
IsInherited  : False
Deny         : False
"""

FULL_ACCESS_TABLE = """
Identity             User                 AccessRights                                                IsInherited Deny
--------             ----                 ------------                                                ----------- ----
info                 anna@contoso.com     {FullAccess}                                                False       False
"""

MAILBOX_LIST = """
PrimarySmtpAddress                : info@contoso.com
RecipientTypeDetails              : SharedMailbox
GrantSendOnBehalfTo               : {Anna Dupont}
MessageCopyForSentAsEnabled       : True
MessageCopyForSendOnBehalfEnabled : False
"""

AUTHORIZED = """
PS> Test-ServicePrincipalAuthorization -Identity '11111111' -Resource 'info@contoso.com' | Format-List


RoleName             : Application Mail.Send
GrantedPermissions   : Mail.Send
AllowedResourceScope : Sendwright senders 1234abcd
ScopeType            : CustomRecipientScope
InScope              : True

PS> Test-ServicePrincipalAuthorization -Identity '11111111' -Resource 'director@contoso.com' | Format-List


RoleName             : Application Mail.Send
GrantedPermissions   : Mail.Send
AllowedResourceScope : Sendwright senders 1234abcd
ScopeType            : CustomRecipientScope
InScope              : False
"""

AUTHORIZED_TABLE = """
RoleName              GrantedPermissions AllowedResourceScope        ScopeType            InScope
--------              ------------------ --------------------        ---------            -------
Application Mail.Send Mail.Send          Sendwright senders 1234abcd CustomRecipientScope True
"""

SMTP_OFF = """
SmtpClientAuthenticationDisabled : True


Name                             : info
SmtpClientAuthenticationDisabled :
"""

TRACE_TABLE = """
Received            Sender Address   Recipient Address Subject                Status
--------            --------------   ----------------- -------                ------
20/11/2026 09:00:01 info@contoso.com anna@contoso.com  May info@contoso.com s Delivered
"""

NOT_FOUND_5 = """
Get-RecipientPermission : Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation
couldn't be performed because object 'inf@contoso.com' couldn't be found on 'AM0PR01A002DC01.EURPR01A002.PROD.OUTLOOK.COM'.
At C:\\Users\\admin\\AppData\\Local\\Temp\\tmpEXO_x\\tmpEXO_x.psm1:1190 char:13
+             Write-ErrorMessage $ErrorObject
+             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
    + CategoryInfo          : NotSpecified: (:) [Get-RecipientPermission], ManagementObjectNotFoundException
    + FullyQualifiedErrorId : [Server=X,RequestId=1] B5D0,Microsoft.Exchange.Management.RecipientTasks.GetRecipientPermission
"""

NO_COMMAND_7 = """
Get-RecipientPermission: The term 'Get-RecipientPermission' is not recognized as a name of a cmdlet, function, script file, or executable program.
Check the spelling of the name, or if a path was included, verify that the path is correct and try again.
"""

NO_COMMAND_FR = """
Get-RecipientPermission : Le terme «\u00a0Get-RecipientPermission\u00a0» n'est pas reconnu comme nom d'applet de commande, fonction,
fichier de script ou programme ex\u00e9cutable.
Au caract\u00e8re Ligne:1 : 1
+ Get-RecipientPermission
+ ~~~~~~~~~~~~~~~~~~~~~~~
    + CategoryInfo          : ObjectNotFound: (Get-RecipientPermission:String) [], CommandNotFoundException
    + FullyQualifiedErrorId : CommandNotFoundException
"""
