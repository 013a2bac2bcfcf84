{{ stage('custom', 'invoice_lines') }}
